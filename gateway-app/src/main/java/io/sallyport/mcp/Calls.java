package io.sallyport.mcp;

import io.sallyport.bridge.Continued;
import io.sallyport.gate.ArgumentCompletion;
import io.sallyport.gate.PromptGet;
import io.sallyport.gate.ResourceRead;
import io.sallyport.gate.ToolCall;
import io.sallyport.gate.UpstreamCall;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Requests that reach an upstream, as the gate knows them. */
final class Calls {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Calls() {}

    /** A call, or what is wrong with its params. */
    sealed interface Reading {
        record Read(UpstreamCall call) implements Reading {}

        record Faulty(RpcFault fault) implements Reading {}
    }

    static boolean isCall(String method) {
        return switch (method) {
            case "tools/call", "prompts/get", "resources/read", "completion/complete" -> true;
            default -> false;
        };
    }

    /** Reads the params of a method that {@link #isCall}. */
    static Reading read(RpcMessage.Request request, Optional<Continued> continued) {
        var params = request.params();
        if (!isToken(params.path("_meta").path("progressToken"))) {
            return new Reading.Faulty(
                    RpcFault.invalidParams("progressToken must be a short string or a number"));
        }
        return switch (request.method()) {
            case "tools/call" ->
                    named(
                            params,
                            "name",
                            it ->
                                    new ToolCall(
                                            it,
                                            new ToolCall.Arguments.Read(arguments(params)),
                                            continued));
            case "prompts/get" ->
                    named(
                            params,
                            "name",
                            it -> new PromptGet(it, params.path("arguments"), continued));
            case "resources/read" -> named(params, "uri", it -> new ResourceRead(it, continued));
            default -> completion(params);
        };
    }

    /** We repeat it in each notice, so it is as short as an id. */
    private static boolean isToken(JsonNode token) {
        return token.isMissingNode()
                || token.isNumber()
                || token.isString() && token.asString().length() <= RpcMessage.MAX_ID;
    }

    private static Reading named(
            JsonNode params, String member, Function<String, UpstreamCall> make) {
        var name = params.path(member);
        return name.isString()
                ? new Reading.Read(make.apply(name.asString()))
                : new Reading.Faulty(
                        RpcFault.invalidParams("params." + member + " must be a string"));
    }

    /** A schema judges an object, so a tool that is called without arguments gets none of them. */
    private static JsonNode arguments(JsonNode params) {
        var arguments = params.path("arguments");
        return arguments.isMissingNode() ? JSON.objectNode() : arguments;
    }

    private static Reading completion(JsonNode params) {
        var ref = params.path("ref");
        return switch (ref.path("type").asString("")) {
            case "ref/prompt" ->
                    named(
                            ref,
                            "name",
                            it -> complete(new ArgumentCompletion.Reference.Prompt(it), params));
            case "ref/resource" ->
                    named(
                            ref,
                            "uri",
                            it -> complete(new ArgumentCompletion.Reference.Template(it), params));
            default ->
                    new Reading.Faulty(RpcFault.invalidParams("params.ref is of an unknown type"));
        };
    }

    private static UpstreamCall complete(ArgumentCompletion.Reference reference, JsonNode params) {
        var asked = JSON.objectNode();
        if (params.has("argument")) {
            asked.set("argument", params.path("argument"));
        }
        if (params.has("context")) {
            asked.set("context", params.path("context"));
        }
        return new ArgumentCompletion(reference, asked);
    }
}
