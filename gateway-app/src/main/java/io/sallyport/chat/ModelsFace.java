package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import io.sallyport.provider.ModelAlias;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a caller may use: {@code /v1/models} and {@code /v1/me}. */
final class ModelsFace {
    private final Governance governance;

    ModelsFace(Governance governance) {
        this.governance = governance;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var call = ChatCall.of(request);
        var list = JsonNodeFactory.instance.objectNode();
        list.put("object", "list");
        var entries = list.putArray("data");
        view(call).models(call.caller().key()).forEach(it -> entries.add(tree(it)));
        return Answers.json(call, JsonText.write(list));
    }

    /** An unknown model and one that the key may not use are the same answer. */
    Mono<ServerResponse> one(ServerRequest request) {
        var call = ChatCall.of(request);
        return view(call)
                .model(request.pathVariable("model"), call.caller().key())
                .map(it -> Answers.json(call, JsonText.write(tree(it))))
                .orElseGet(() -> Answers.error(call, ChatError.modelNotFound()));
    }

    Mono<ServerResponse> me(ServerRequest request) {
        var call = ChatCall.of(request);
        return Answers.json(call, JsonText.write(me(call)));
    }

    private ObjectNode me(ChatCall call) {
        var key = call.caller().key();
        var view = view(call);
        var me = JsonNodeFactory.instance.objectNode();
        me.put("principal", key.owner());
        me.put("tenant", key.tenant().value());
        var models = me.putArray("models");
        view.models(key).forEach(it -> models.add(it.alias()));
        var toolsets = me.putArray("toolsets");
        key.toolsets().orElse(List.of()).forEach(toolsets::add);
        var tools = me.putArray("tools");
        view.visibleTo(key.principal()).values().forEach(it -> tools.add(it.listed().alias()));
        me.putArray("scopes");
        me.putObject("limits");
        return me;
    }

    private TenantView view(ChatCall call) {
        return governance.view(call.caller().key().tenant());
    }

    /** The time is not known: the catalogue of models keeps none. */
    private static ObjectNode tree(ModelAlias model) {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.put("id", model.alias());
        tree.put("object", "model");
        tree.put("created", 0);
        tree.put("owned_by", "sallyport");
        return tree;
    }
}
