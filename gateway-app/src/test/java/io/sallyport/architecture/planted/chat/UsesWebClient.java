package io.sallyport.architecture.planted.chat;

import org.springframework.web.reactive.function.client.WebClient;

/** Planted: this must be reported. */
final class UsesWebClient {
    private UsesWebClient() {}

    static WebClient open(String url) {
        return WebClient.create(url);
    }
}
