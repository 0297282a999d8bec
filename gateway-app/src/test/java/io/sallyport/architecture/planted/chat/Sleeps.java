package io.sallyport.architecture.planted.chat;

import java.time.Duration;

/** Planted: this must be reported. */
final class Sleeps {
    private Sleeps() {}

    static void rest() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(1));
    }
}
