package io.sallyport.policy;

import java.util.regex.Pattern;

/**
 * The name that an admin chose for an MCP server: 1 to 32 characters of {@code a-z 0-9 -}, starting
 * and ending with a letter or digit. It never contains {@code __}, which separates server and tool
 * in an alias.
 */
public record ServerSlug(String value) implements Comparable<ServerSlug> {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    public ServerSlug {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a server slug");
        }
    }

    public static boolean isValid(String value) {
        return SHAPE.matcher(value).matches();
    }

    @Override
    public int compareTo(ServerSlug other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
