package io.sallyport.chat;

import io.sallyport.provider.ModelAlias;
import io.sallyport.tenant.ModelTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a request that is not refused. Its tree is ready for the provider, but for the
 * server's tools.
 */
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

        /**
         * How long the run may take. The model's own limit is for asking and calling; what is left
         * then is for the last answer.
         */
        Duration limit() {
            return model.limits().runTimeout().plus(ModelLine.GRACE);
        }

        /**
         * The same with the server's tools in the request's tree, but for those of which nothing is
         * written.
         *
         * @throws ChatFailure if {@code tool_choice} names one of those
         */
        Governed with(Map<String, ModelTool> written) {
            var offered = offer.appendTo(request.body(), written);
            ToolChoice.requireAmong(offered.names(), request.body());
            var warned = new ArrayList<>(warnings);
            offer.server()
                    .forEach((alias, tool) -> {
                        if (!offered.server().containsKey(alias)) {
                            warned.add("tool_left_out: " + tool.ref());
                        }
                    });
            return new Governed(request, model, offered, warned);
        }
    }
}
