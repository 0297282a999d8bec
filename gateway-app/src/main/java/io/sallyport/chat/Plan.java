package io.sallyport.chat;

import io.sallyport.upstream.ModelAlias;
import java.util.List;

/** What becomes of a request that is not refused. Its tree is ready for the provider. */
sealed interface Plan {
    ChatRequest request();

    ModelAlias model();

    /** No server tool is in play: the answer is the provider's. */
    record PassThrough(ChatRequest request, ModelAlias model) implements Plan {}

    /**
     * The gateway runs the tool loop.
     *
     * @param warnings codes for {@code x_sallyport.warnings}
     */
    record Governed(ChatRequest request, ModelAlias model, ToolOffer offer, List<String> warnings)
            implements Plan {
        public Governed {
            warnings = List.copyOf(warnings);
        }
    }
}
