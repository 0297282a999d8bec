package io.sallyport.samples.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code POST /v1/chat/completions}. */
final class ChatHandler implements HttpHandler {

    /** Enough for a test to look back; bounded because a demo may run for days. */
    private static final int KEPT = 256;

    /** As generous as the gateway's own limit for chat requests. */
    private static final int MAX_BODY = 20 * 1024 * 1024;

    private final Script script;
    private final Deque<ReceivedRequest> newest = new ArrayDeque<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final CountDownLatch stopped = new CountDownLatch(1);

    ChatHandler(Script script) {
        this.script = script;
    }

    synchronized List<ReceivedRequest> received() {
        return List.copyOf(newest);
    }

    int abandoned() {
        return abandoned.get();
    }

    /** Ends every pause. */
    void stop() {
        stopped.countDown();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            answer(exchange);
        } catch (RefusedRequest refused) {
            Answers.refuse(exchange, refused);
        }
    }

    private void answer(HttpExchange exchange) throws IOException, RefusedRequest {
        var request = ChatRequest.read(body(exchange));
        int earlier = request.conversation().answersSoFar();
        var round =
                script.round(request.model(), earlier).orElseThrow(RefusedRequest::unknownModel);
        if (round.errorStatus() != 0) {
            throw RefusedRequest.scripted(round.errorStatus());
        }
        var reply = Reply.of("chatcmpl-" + answered.incrementAndGet(), request, round);
        if (request.stream()) {
            stream(exchange, reply, request.wantsUsage(), round.delivery());
        } else {
            pause(round.delivery());
            Answers.json(exchange, 200, reply.completion());
        }
    }

    private byte[] body(HttpExchange exchange) throws IOException, RefusedRequest {
        if (!exchange.getRequestMethod().equals("POST")
                || !exchange.getRequestURI().getPath().equals("/v1/chat/completions")) {
            throw RefusedRequest.unknownPath();
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw RefusedRequest.tooLarge();
        }
        keep(new ReceivedRequest(exchange.getRequestHeaders(), new String(body, UTF_8)));
        return body;
    }

    private synchronized void keep(ReceivedRequest request) {
        if (newest.size() == KEPT) {
            newest.removeFirst();
        }
        newest.addLast(request);
    }

    private void stream(HttpExchange exchange, Reply reply, boolean usage, Delivery delivery)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        try {
            exchange.getResponseBody().flush(); // the headers do not wait for the first chunk
            int sent = 0;
            for (var chunk : Chunks.of(reply, usage, delivery.pieceLength())) {
                pause(delivery);
                send(exchange, chunk.toString());
                sent++;
                if (delivery.cuts(sent)) {
                    throw new CutConnection();
                }
            }
            send(exchange, "[DONE]");
            exchange.close();
        } catch (IOException clientLeft) {
            abandoned.incrementAndGet();
            throw clientLeft;
        }
    }

    private static void send(HttpExchange exchange, String data) throws IOException {
        exchange.getResponseBody().write(("data: " + data + "\n\n").getBytes(UTF_8));
        exchange.getResponseBody().flush();
    }

    private void pause(Delivery delivery) throws IOException {
        try {
            stopped.await(delivery.pause().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new IOException("the model is closing");
        }
    }

    /** The JDK's server closes the connection on this, without the end of the body. */
    private static final class CutConnection extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
