package io.sallyport.acceptance;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream on which a server says a thousand times a second that its tools changed. */
final class NoticeStorm {
    private static final byte[] NOTICE =
            "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n"
                    .getBytes(StandardCharsets.UTF_8);

    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicInteger notices = new AtomicInteger();

    void begin() {
        begun.set(true);
    }

    boolean hasBegun() {
        return begun.get();
    }

    int notices() {
        return notices.get();
    }

    void blow(HttpExchange exchange, CountDownLatch end) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (var body = exchange.getResponseBody()) {
            while (!end.await(1, TimeUnit.MILLISECONDS)) {
                body.write(NOTICE);
                body.flush();
                notices.incrementAndGet();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
