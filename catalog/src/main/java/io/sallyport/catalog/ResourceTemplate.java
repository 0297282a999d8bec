package io.sallyport.catalog;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * A URI template (RFC 6570), the other way round: tells whether a URI could have been made from it.
 * Matching takes time in the product of both lengths at worst.
 *
 * <p>{@code {id}} stands for one or more characters within a segment, {@code {+path}} for any, so
 * that it may cross segments; {@code {/path*}}, {@code {?q}}, {@code {&q}}, {@code {.x}}, {@code
 * {;x}} and {@code {#x}} may be absent, and a query holds the named parameters only.
 */
public final class ResourceTemplate {
    private final String start;
    private final Pattern pattern;

    private ResourceTemplate(String start, Pattern pattern) {
        this.start = start;
        this.pattern = pattern;
    }

    /** Returns the compiled template, or empty if {@code template} is none or too long. */
    public static Optional<ResourceTemplate> compile(String template) {
        return TemplateExpression.translate(template).flatMap(it -> compile(template, it));
    }

    private static Optional<ResourceTemplate> compile(String template, String expression) {
        int brace = template.indexOf('{');
        var start = brace < 0 ? template : template.substring(0, brace);
        try {
            return Optional.of(new ResourceTemplate(start, Pattern.compile(expression)));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    /** What {@link #matches} takes at most, in steps of some nanoseconds. */
    public long work(String uri) {
        return uri.startsWith(start) ? (long) pattern.pattern().length() * uri.length() : 0;
    }

    /** Tells whether {@code uri} could come from the template. */
    public boolean matches(String uri) {
        return uri.startsWith(start) && pattern.matches(uri);
    }
}
