package io.sallyport.architecture.planted.egress;

import java.io.IOException;
import java.net.Socket;

/** Planted: this is allowed. */
final class MayOpenSocket {
    private MayOpenSocket() {}

    static Socket open(String host) throws IOException {
        return new Socket(host, 443);
    }
}
