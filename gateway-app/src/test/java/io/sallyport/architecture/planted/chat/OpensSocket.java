package io.sallyport.architecture.planted.chat;

import java.io.IOException;
import java.net.Socket;

/** Planted: this must be reported. */
final class OpensSocket {
    private OpensSocket() {}

    static Socket open(String host) throws IOException {
        return new Socket(host, 443);
    }
}
