package io.sallyport.servers;

import io.sallyport.egress.Header;

/** What the gateway shows to an upstream server. Its secret is written once and never read back. */
public sealed interface Credential {
    Header header();

    /** What nobody else may read. */
    String secret();

    record Bearer(String secret) implements Credential {
        @Override
        public Header header() {
            return new Header("Authorization", "Bearer " + secret);
        }

        @Override
        public String toString() {
            return "Bearer";
        }
    }

    record NamedHeader(String name, String secret) implements Credential {
        @Override
        public Header header() {
            return new Header(name, secret);
        }

        @Override
        public String toString() {
            return "NamedHeader[" + name + "]";
        }
    }
}
