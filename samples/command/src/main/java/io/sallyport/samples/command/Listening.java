package io.sallyport.samples.command;

import java.net.URI;

/** A started sample that accepts connections on 127.0.0.1 until it is closed. */
public interface Listening extends AutoCloseable {

    /** The port in use; never 0. */
    int port();

    /** Where a client connects, path included. */
    URI endpoint();

    /** Stops accepting, frees the port and every thread and file. Closing twice does no harm. */
    @Override
    void close();
}
