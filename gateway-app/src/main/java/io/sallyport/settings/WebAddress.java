package io.sallyport.settings;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One or more URLs of a scheme and an authority, and nothing else. */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {WebAddress.OfOne.class, WebAddress.OfAll.class})
public @interface WebAddress {
    String message() default "must be like https://gateway.example, without a path";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Judges one; none is none of our business. */
    final class OfOne implements ConstraintValidator<WebAddress, URI> {
        @Override
        public boolean isValid(@Nullable URI value, ConstraintValidatorContext context) {
            return value == null || isAddress(value.toString());
        }

        private static boolean isAddress(String text) {
            try {
                var uri = URI.create(text);
                var web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
                return web && uri.getHost() != null && text.endsWith("://" + uri.getRawAuthority());
            } catch (IllegalArgumentException _) {
                return false;
            }
        }
    }

    /** Judges each of several. */
    final class OfAll implements ConstraintValidator<WebAddress, Set<String>> {
        @Override
        public boolean isValid(@Nullable Set<String> value, ConstraintValidatorContext context) {
            return value == null || value.stream().allMatch(OfOne::isAddress);
        }
    }
}
