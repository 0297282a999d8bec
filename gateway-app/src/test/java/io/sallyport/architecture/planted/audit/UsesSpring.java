package io.sallyport.architecture.planted.audit;

import org.springframework.util.StringUtils;

/** Planted: this must be reported. */
final class UsesSpring {
    private UsesSpring() {}

    static boolean hasText(String text) {
        return StringUtils.hasText(text);
    }
}
