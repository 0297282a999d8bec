package io.sallyport.bridge;

import io.sallyport.catalog.JsonText;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** Keeps what a listener hears, in its order, as text. */
final class Heard implements UpstreamListener {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void notified(String method, JsonNode params) {
        all.add(method + " " + JsonText.text(params));
    }

    @Override
    public void refused(String method) {
        all.add("refused " + method);
    }

    List<String> all() {
        return all;
    }
}
