package io.sallyport.settings;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;

/**
 * The gateway cannot start with a setting; the message is one sentence that names the key, what its
 * value has to be, and where it was given. It does not repeat the value.
 */
public final class WrongSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String OURS = "sallyport.";

    WrongSetting(String message) {
        super(message);
    }

    public WrongSetting(String message, Throwable cause) {
        super(message, cause);
    }

    /** What is behind the failure of a start, if it is a setting. */
    public static Optional<WrongSetting> behind(Throwable failure) {
        return Stream.iterate(failure, it -> it != null, Throwable::getCause)
                .map(WrongSetting::reading)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The checks say more than what stands around them, and so does a record's own complaint. */
    private static Optional<WrongSetting> reading(Throwable failure) {
        return switch (failure) {
            case WrongSetting wrong -> Optional.of(wrong);
            case BindValidationException invalid -> Optional.of(of(invalid.getValidationErrors()));
            case BindException unread when isByRule(unread) -> Optional.empty();
            case BindException unread ->
                    Optional.ofNullable(unread.getProperty()).map(it -> of(it, unread));
            case IllegalArgumentException own when isOurs(own) ->
                    Optional.of(new WrongSetting(String.valueOf(own.getMessage())));
            default -> Optional.empty();
        };
    }

    private static boolean isByRule(BindException failure) {
        return Stream.iterate(failure.getCause(), it -> it != null, Throwable::getCause)
                .anyMatch(it -> it instanceof BindValidationException || isOurs(it));
    }

    private static boolean isOurs(Throwable failure) {
        return String.valueOf(failure.getMessage()).startsWith(OURS);
    }

    private static WrongSetting of(ValidationErrors errors) {
        return new WrongSetting(
                errors.getAllErrors().stream()
                        .filter(FieldError.class::isInstance)
                        .map(FieldError.class::cast)
                        .sorted(Comparator.comparing(FieldError::getField))
                        .map(it -> sentence(errors, it))
                        .collect(Collectors.joining("; ")));
    }

    private static String sentence(ValidationErrors errors, FieldError error) {
        var key = errors.getName().append(Key.dashed(error.getField()));
        return key + " " + error.getDefaultMessage() + where(Origin.from(error));
    }

    private static WrongSetting of(ConfigurationProperty property, BindException failure) {
        var type = failure.getTarget().getType().resolve(Object.class);
        return new WrongSetting(
                property.getName() + " must be " + kind(type) + where(property.getOrigin()));
    }

    private static String kind(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return "a whole number";
        }
        if (type == Duration.class) {
            return "a time such as 30s or 5m";
        }
        return type == DataSize.class ? "a size such as 8KB or 1MB" : "of another form";
    }

    /** In brackets, for the end of a sentence. */
    static String where(@Nullable Origin origin) {
        return switch (origin) {
            case SystemEnvironmentOrigin variable ->
                    " (" + variable.getProperty() + " in the environment)";
            case TextResourceOrigin text -> " (" + place(text) + ")";
            case PropertySourceOrigin property when property.getOrigin() != null ->
                    where(property.getOrigin());
            case PropertySourceOrigin property ->
                    " (" + property.getPropertyName() + " of the JVM)";
            case null, default -> "";
        };
    }

    private static String place(TextResourceOrigin origin) {
        var resource = origin.getResource();
        var file = resource == null ? "a file" : resource.getFilename();
        var location = origin.getLocation();
        return location == null ? file + "" : "line " + (location.getLine() + 1) + " of " + file;
    }
}
