package io.sallyport.architecture.planted.chat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;

/** Planted: this must be reported. */
final class OpensUrl {
    private OpensUrl() {}

    static InputStream open(URL url) throws IOException {
        return url.openStream();
    }
}
