package io.sallyport.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Future;

/** An HTTP client of one gateway. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Http(URI gateway) {
        this.gateway = gateway;
    }

    URI url() {
        return gateway;
    }

    Reply send(Ask ask) {
        try {
            return Reply.of(client.send(request(ask), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(ask.method() + " " + ask.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Sends and goes on; cancelling what this answers closes the connection. */
    Future<?> begin(Ask ask) {
        return client.sendAsync(request(ask), BodyHandlers.discarding());
    }

    /** Sends and reads the answer's events as they come. */
    OpenStream open(Ask ask) {
        try {
            return OpenStream.of(client.send(request(ask), BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(ask.method() + " " + ask.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private HttpRequest request(Ask ask) {
        var body = ask.body().map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody);
        var request =
                HttpRequest.newBuilder(URI.create(gateway + ask.path()))
                        .timeout(PATIENCE)
                        .method(ask.method(), body);
        ask.headers().forEach(request::header);
        return request.build();
    }
}
