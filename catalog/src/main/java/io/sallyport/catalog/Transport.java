package io.sallyport.catalog;

import java.util.regex.Pattern;

/** How a server is reached. */
public sealed interface Transport {
    /** Where that is, as text; no two places have the same. */
    String place();

    /**
     * @param url the MCP endpoint
     */
    record StreamableHttp(String url) implements Transport {
        @Override
        public String place() {
            return url;
        }
    }

    /**
     * A program that the gateway starts and speaks to over its standard streams.
     *
     * @param profile name of a launch profile in the operator's file, which alone says what is
     *     started
     */
    record Stdio(String profile) implements Transport {
        private static final Pattern PROFILE = Pattern.compile("[a-z0-9-]{1,64}");

        public Stdio {
            if (!isProfile(profile)) {
                throw new IllegalArgumentException("not the name of a launch profile");
            }
        }

        @Override
        public String place() {
            return "profile:" + profile;
        }

        /** Whether {@code text} can be the name of a launch profile. */
        public static boolean isProfile(String text) {
            return PROFILE.matcher(text).matches();
        }
    }
}
