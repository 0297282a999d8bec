package io.sallyport.provider;

import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Port to the providers of models, in the shape of the Chat Completions API. */
public interface ModelProvider {
    /**
     * The whole answer of a request without {@code stream}. Fails with a {@link ModelFailure} and
     * nothing else; cancelling closes the connection at once.
     */
    Mono<ObjectNode> complete(ModelRequest request);

    /** The answer of a request with {@code stream:true}, once the provider accepted it. */
    Mono<ModelStream> stream(ModelRequest request);
}
