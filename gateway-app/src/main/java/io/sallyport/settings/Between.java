package io.sallyport.settings;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Judges what is {@link Within} two others; what is absent is nobody's business here. */
abstract class Between<T extends Comparable<T>> implements ConstraintValidator<Within, T> {
    private final Function<String, T> reader;
    private Predicate<T> rule = _ -> false;

    private Between(Function<String, T> reader) {
        this.reader = reader;
    }

    @Override
    public void initialize(Within bounds) {
        var least = reader.apply(bounds.min());
        var most = reader.apply(bounds.max());
        rule = it -> it.compareTo(least) >= 0 && it.compareTo(most) <= 0;
    }

    @Override
    public boolean isValid(@Nullable T value, ConstraintValidatorContext context) {
        return value == null || rule.test(value);
    }

    static final class Amount extends Between<Integer> {
        Amount() {
            super(Integer::valueOf);
        }
    }

    static final class Time extends Between<Duration> {
        Time() {
            super(DurationStyle::detectAndParse);
        }
    }

    static final class Size extends Between<DataSize> {
        Size() {
            super(DataSize::parse);
        }
    }
}
