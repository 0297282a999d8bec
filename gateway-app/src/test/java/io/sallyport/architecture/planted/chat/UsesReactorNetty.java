package io.sallyport.architecture.planted.chat;

import reactor.netty.http.client.HttpClient;

/** Planted: this must be reported. */
final class UsesReactorNetty {
    private UsesReactorNetty() {}

    static HttpClient open() {
        return HttpClient.create();
    }
}
