package io.sallyport.settings;

import java.util.Locale;

/** How a component of a record is spelled in a file and in the environment. */
public final class Key {
    private Key() {}

    /** {@code maxUnread} is {@code max-unread}. */
    public static String dashed(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** {@code sallyport.http.max-unread} is {@code SALLYPORT_HTTP_MAXUNREAD}. */
    public static String variable(String key) {
        return key.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
