package io.sallyport.mcp;

import io.sallyport.gate.ClientContext;
import io.sallyport.gate.ResourceSubscription;
import io.sallyport.gate.SubscriptionResult;
import io.sallyport.mcp.Lists.Topic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One {@code subscriptions/listen}: acknowledged first, then only what was asked for, each with the
 * id of the request (MCP 2026-07-28, subscriptions).
 */
final class Subscription {
    /** Resources that one stream may hear of. */
    private static final int MAX_WATCHED = 100;

    private static final String RESOURCES = "/notifications/resourceSubscriptions";
    private static final String ID = ModernRules.META + "subscriptionId";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final EndpointCalls endpointCalls;
    private final Listeners listeners;
    private final Updates updates;

    Subscription(EndpointCalls endpointCalls, Listeners listeners, Updates updates) {
        this.endpointCalls = endpointCalls;
        this.listeners = listeners;
        this.updates = updates;
    }

    /** Runs until the client leaves or may use nothing here any more. */
    Reply run(RpcMessage.Request request, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        var uris = request.params().at(RESOURCES);
        if (!isWatchable(uris)) {
            return Reply.failed(
                    RpcFault.of(
                            400,
                            RpcFault.INVALID_PARAMS,
                            "resourceSubscriptions must be at most " + MAX_WATCHED + " strings"));
        }
        if (updates.areTooMany(uris.size(), context)) {
            return Reply.failed(Listeners.tooMany());
        }
        return listeners
                .admit(context, () -> listen(request, context, inFlight))
                .orElseGet(() -> Reply.failed(Listeners.tooMany()));
    }

    private Reply listen(
            RpcMessage.Request request, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        var wanted = request.params().path("notifications");
        var topics = topics(wanted, context);
        var watched = watched(request, context);
        List<Future<?>> reading = new ArrayList<>();
        try {
            inFlight.channel().tell(acknowledged(request, topics, watched.keySet()));
            for (var one : watched.values()) {
                reading.add(
                        updates.watch(
                                one,
                                context,
                                it -> updated(request, inFlight, it),
                                inFlight::cancel));
            }
            listeners.listen(context, topics, inFlight, it -> changed(request, inFlight, it));
        } finally {
            reading.forEach(it -> it.cancel(true));
        }
        var end = JSON.objectNode();
        CallReply.meta(end).set(ID, request.id());
        return Reply.done(end);
    }

    private static boolean isWatchable(JsonNode uris) {
        return uris.isMissingNode()
                || uris.isArray()
                        && uris.size() <= MAX_WATCHED
                        && uris.valueStream().allMatch(JsonNode::isString);
    }

    private Set<Topic> topics(JsonNode wanted, McpRequestContext context) {
        var topics = EnumSet.noneOf(Topic.class);
        for (var topic : Topic.values()) {
            if (wanted.path(topic.code() + "ListChanged").asBoolean(false)
                    && endpointCalls.lists().offers(context, topic)) {
                topics.add(topic);
            }
        }
        return topics;
    }

    /** Those of the resources that the caller may hear of, and whose server can tell. */
    private Map<String, SubscriptionResult.Watching> watched(
            RpcMessage.Request request, McpRequestContext context) throws InterruptedException {
        var client =
                ClientContext.silent(
                        ModernRules.meta(request.params()).path(ModernRules.CAPABILITIES));
        var watched = new LinkedHashMap<String, SubscriptionResult.Watching>();
        for (var uri : distinct(request.params().at(RESOURCES))) {
            var result = endpointCalls.subscribe(new ResourceSubscription(uri), context, client);
            if (result instanceof SubscriptionResult.Watching watching) {
                watched.put(uri, watching);
            }
        }
        return watched;
    }

    private static Set<String> distinct(JsonNode uris) {
        return uris.valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static JsonNode acknowledged(
            RpcMessage.Request request, Set<Topic> topics, Set<String> uris) {
        var granted = JSON.objectNode();
        topics.forEach(it -> granted.put(it.code() + "ListChanged", true));
        if (!uris.isEmpty()) {
            var resources = granted.putArray("resourceSubscriptions");
            uris.forEach(resources::add);
        }
        var params = tagged(request);
        params.set("notifications", granted);
        return CallNotices.notification("notifications/subscriptions/acknowledged", params);
    }

    private static void changed(RpcMessage.Request request, InFlightRequest inFlight, Topic topic) {
        inFlight.channel().notice(CallNotices.notification(topic.changed(), tagged(request)));
    }

    private static void updated(RpcMessage.Request request, InFlightRequest inFlight, String uri) {
        var params = tagged(request).put("uri", uri);
        inFlight.channel()
                .notice(CallNotices.notification("notifications/resources/updated", params));
    }

    private static ObjectNode tagged(RpcMessage.Request request) {
        var params = JSON.objectNode();
        params.putObject("_meta").set(ID, request.id());
        return params;
    }
}
