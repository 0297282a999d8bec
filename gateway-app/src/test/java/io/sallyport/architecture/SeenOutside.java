package io.sallyport.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** A type can be named by other packages if it and all types around it are public or protected. */
final class SeenOutside extends ArchCondition<JavaClass> {
    SeenOutside() {
        super("be seen outside their package");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        var message = "Class <%s> is public or protected".formatted(type.getName());
        events.add(new SimpleConditionEvent(type, isSeenOutside(type), message));
    }

    private static boolean isSeenOutside(JavaClass type) {
        return isOpen(type.getModifiers())
                && type.getEnclosingClass().map(SeenOutside::isSeenOutside).orElse(true);
    }

    private static boolean isOpen(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC)
                || modifiers.contains(JavaModifier.PROTECTED);
    }
}
