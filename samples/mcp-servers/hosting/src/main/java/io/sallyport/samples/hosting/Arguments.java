package io.sallyport.samples.hosting;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of one call, already valid for the tool's input schema. */
public record Arguments(Map<String, Object> members) {

    static Arguments of(@Nullable Map<String, Object> members) {
        return new Arguments(members == null ? Map.of() : members);
    }

    /** The text of a member that the schema requires. */
    public String text(String name) {
        return (String) members.getOrDefault(name, "");
    }

    /** The whole number of a member, or {@code absent} if it was left out. */
    public int wholeNumber(String name, int absent) {
        return ((Number) members.getOrDefault(name, absent)).intValue();
    }
}
