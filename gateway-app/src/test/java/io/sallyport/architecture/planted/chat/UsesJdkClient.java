package io.sallyport.architecture.planted.chat;

import java.net.http.HttpClient;

/** Planted: this must be reported. */
final class UsesJdkClient {
    private UsesJdkClient() {}

    static HttpClient open() {
        return HttpClient.newHttpClient();
    }
}
