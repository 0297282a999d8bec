package io.sallyport.mcp;

import io.sallyport.bridge.LogLevels;
import io.sallyport.catalog.ShortText;
import io.sallyport.error.Reason;
import io.sallyport.gate.ClientCapabilities;
import io.sallyport.mcp.Lists.Topic;
import io.sallyport.recording.Rejections;
import io.sallyport.threads.Await;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The 2025 protocol, with sessions: what each message is answered with (MCP 2025-11-25). */
final class LegacyLane {
    /** The last one is served as the one before it, which has all of it. */
    private static final List<String> VERSIONS =
            List.of("2025-11-25", "2025-06-18", Batch.VERSION, Batch.VERSION_BEFORE);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Logger LOG = LoggerFactory.getLogger(LegacyLane.class);
    private static final RpcFault BROKEN =
            RpcFault.of(500, RpcFault.INTERNAL_ERROR, "Something went wrong.");

    /** Of what was interrupted between its legs, or before there was a record of it. */
    private static final RpcFault ENDED =
            RpcFault.of(
                    404,
                    RpcFault.INVALID_REQUEST,
                    "The session ended while this was under way; it may have run");

    private static final RpcFault UNTRIED =
            RpcFault.of(404, RpcFault.INVALID_REQUEST, "The session ended before its turn came");

    private final EndpointCalls endpointCalls;
    private final LegacyCalls calls;
    private final Listeners listeners;
    private final Sessions sessions;
    private final Rejections rejections;

    LegacyLane(
            EndpointCalls endpointCalls,
            LegacyCalls calls,
            Listeners listeners,
            Sessions sessions,
            Rejections rejections) {
        this.endpointCalls = endpointCalls;
        this.calls = calls;
        this.listeners = listeners;
        this.sessions = sessions;
        this.rejections = rejections;
    }

    RpcAnswer answer(RpcMessage message, McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        var unknown = unknownVersion(context.headers());
        if (unknown.isPresent()) {
            return reject(context, unsupported(unknown.get()));
        }
        return switch (message) {
            case RpcMessage.Request it when it.method().equals("initialize") ->
                    initialize(it, context);
            case RpcMessage.Request it ->
                    switch (find(context)) {
                        case Found.Open(var session) -> inSession(it, context, session, inFlight);
                        case Found.Not(var fault) -> RpcAnswer.error(it.id(), fault);
                    };
            case RpcMessage.Notification it -> accept(context, session -> hear(it, session));
            case RpcMessage.Response it ->
                    accept(context, session -> session.answered(it.id(), it.message()));
            case RpcMessage.Invalid(var sentence) -> reject(context, sentence);
        };
    }

    private static Optional<String> unknownVersion(McpHeaders headers) {
        return headers.values(McpHeaders.VERSION).stream()
                .filter(it -> !VERSIONS.contains(it))
                .findFirst();
    }

    private static String unsupported(String version) {
        return "unsupported MCP-Protocol-Version \""
                + ShortText.excerpt(version, 0)
                + "\": sessions speak "
                + String.join(", ", VERSIONS)
                + ", requests without a session "
                + ModernRules.VERSION;
    }

    /**
     * Works on the messages of a batch one after the other, so that it takes no more at once than a
     * message of its own would. Nothing comes before their answers, and the server can ask nothing.
     */
    RpcAnswer batch(JsonNode tree, McpRequestContext context) throws InterruptedException {
        if (!context.headers().values(McpHeaders.VERSION).stream().allMatch(Batch::isSpokenIn)
                || !(find(context) instanceof Found.Open(var session))
                || !Batch.isSpokenIn(session.greeting().version())) {
            return reject(context, "batches belong to sessions of " + Batch.VERSION);
        }
        var batch = Batch.read(tree);
        var fault = batch.fault();
        if (fault.isPresent()) {
            return reject(context, fault.get());
        }
        var members = batch.messages().stream().map(it -> member(it, context)).toList();
        try {
            return members.stream().allMatch(it -> it.beginsIn(session))
                    ? answered(members)
                    : reject(context, "an id is in use in this session");
        } finally {
            members.forEach(it -> it.endsIn(session));
        }
    }

    /** One message of a batch. The client may cancel it before its turn comes. */
    private record Member(RpcMessage message, InFlightRequest inFlight) {
        boolean beginsIn(Session session) {
            return !(message instanceof RpcMessage.Request request)
                    || session.begin(request.id(), inFlight);
        }

        void endsIn(Session session) {
            if (message instanceof RpcMessage.Request request) {
                session.end(request.id(), inFlight);
            }
        }
    }

    private Member member(RpcMessage message, McpRequestContext context) {
        return new Member(
                message,
                new InFlightRequest(false, own -> answer(message, context, own), () -> {}));
    }

    private static RpcAnswer answered(List<Member> members) throws InterruptedException {
        var answers = JSON.arrayNode();
        for (var member : members) {
            var answer = answer(member);
            if (member.message() instanceof RpcMessage.Request) {
                answer.ifPresent(answers::add);
            }
        }
        return answers.isEmpty() ? RpcAnswer.accepted() : RpcAnswer.batch(answers);
    }

    /** Answers one message of a batch; what breaks in it leaves the answers to the others. */
    private static Optional<JsonNode> answer(Member member) throws InterruptedException {
        var message = member.message();
        var inFlight = member.inFlight();
        inFlight.running().run();
        if (inFlight.isCancelled()) {
            var _ = Thread.interrupted(); // it was meant for this message, which is over
            return inFlight.isAborted() ? aborted(member) : Optional.empty();
        }
        try {
            var answer = answered(inFlight);
            if (answer.isEmpty() && message instanceof RpcMessage.Request) {
                throw new InterruptedException("the gateway stops");
            }
            return answer;
        } catch (RuntimeException e) {
            LOG.error("a message of a batch: {}", e.getClass().getName());
            return message instanceof RpcMessage.Request request
                    ? RpcAnswer.error(request.id(), BROKEN).body()
                    : Optional.empty();
        }
    }

    private static Optional<JsonNode> aborted(Member member) throws InterruptedException {
        if (!member.inFlight().isForgone()) {
            return answered(member.inFlight());
        }
        return member.message() instanceof RpcMessage.Request request
                ? RpcAnswer.error(request.id(), UNTRIED).body()
                : Optional.empty();
    }

    private static Optional<JsonNode> answered(InFlightRequest inFlight)
            throws InterruptedException {
        return Await.one(inFlight.channel().opening()) instanceof Channel.Opening.Whole(var answer)
                ? answer.body()
                : Optional.empty();
    }

    private RpcAnswer reject(McpRequestContext context, String sentence) {
        rejections.rejected(context.caller(), "mcp", Reason.INVALID_REQUEST.code());
        return RpcAnswer.error(
                RpcAnswer.noId(false), RpcFault.invalidRequest("Invalid request: " + sentence));
    }

    /** Whether a message comes in an open session. */
    private sealed interface Found {
        record Open(Session session) implements Found {}

        record Not(RpcFault fault) implements Found {}
    }

    private Found find(McpRequestContext context) {
        var ids = context.headers().values(McpHeaders.SESSION);
        if (ids.size() != 1) {
            return new Found.Not(RpcFault.invalidRequest("Mcp-Session-Id is required"));
        }
        return sessions.find(ids.getFirst(), context.caller(), context.path())
                .<Found>map(Found.Open::new)
                .orElseGet(() ->
                        new Found.Not(
                                RpcFault.of(404, RpcFault.INVALID_REQUEST, "Session not found")));
    }

    private RpcAnswer accept(McpRequestContext context, Consumer<Session> action) {
        return switch (find(context)) {
            case Found.Open(var session) -> {
                action.accept(session);
                yield RpcAnswer.accepted();
            }
            case Found.Not(var fault) -> RpcAnswer.error(RpcAnswer.noId(false), fault);
        };
    }

    private static void hear(RpcMessage.Notification notification, Session session) {
        if (notification.method().equals("notifications/cancelled")) {
            session.cancel(notification.params().path("requestId"));
        }
    }

    private RpcAnswer initialize(RpcMessage.Request request, McpRequestContext context) {
        if (!endpointCalls.exists(context)) {
            return RpcAnswer.error(
                    request.id(), RpcFault.of(404, RpcFault.INVALID_REQUEST, "Not found"));
        }
        var asked = request.params().path("protocolVersion").asString("");
        var version = VERSIONS.contains(asked) ? asked : VERSIONS.getFirst();
        var declared = request.params().path("capabilities");
        var greeting = new Session.Greeting(version, ClientCapabilities.known(declared));
        var credential = context.caller().principal().credential();
        var owner = Session.Owner.of(context.caller(), context.path());
        var result = JSON.objectNode().put("protocolVersion", version);
        result.set("serverInfo", EndpointCalls.serverInfo());
        return RpcAnswer.result(request.id(), endpointCalls.greet(context, result))
                .inSession(sessions.open(owner, credential, greeting));
    }

    /** Whether the session may have a stream of its own; it gets it instead of an older one. */
    RpcAnswer listen(McpRequestContext context, InFlightRequest inFlight)
            throws InterruptedException {
        inFlight.endWithClient();
        return switch (find(context)) {
            case Found.Open(var session) ->
                    listeners
                            .admit(context, () -> listen(context, session, inFlight))
                            .orElseGet(() ->
                                    RpcAnswer.error(RpcAnswer.noId(false), Listeners.tooMany()));
            case Found.Not(var fault) -> RpcAnswer.error(RpcAnswer.noId(false), fault);
        };
    }

    private RpcAnswer listen(McpRequestContext context, Session session, InFlightRequest inFlight)
            throws InterruptedException {
        session.listen(inFlight);
        try {
            inFlight.channel().open();
            listeners.listen(
                    context,
                    EnumSet.allOf(Topic.class),
                    inFlight,
                    it ->
                            inFlight.channel()
                                    .notice(
                                            CallNotices.notification(
                                                    it.changed(), JSON.objectNode())));
            return RpcAnswer.accepted();
        } finally {
            session.listenNoMore(inFlight);
        }
    }

    private RpcAnswer inSession(
            RpcMessage.Request request,
            McpRequestContext context,
            Session session,
            InFlightRequest inFlight)
            throws InterruptedException {
        if (!session.begin(request.id(), inFlight)) {
            return RpcAnswer.error(
                    request.id(),
                    RpcFault.invalidRequest("Invalid request: the id is in use in this session"));
        }
        try {
            var reply = reply(request, context, session, inFlight);
            if (inFlight.isCancelled() && !inFlight.isAborted()) {
                return RpcAnswer.accepted(); // a cancelled request gets no answer
            }
            return dress(request.id(), reply).recorded(reply.record());
        } catch (InterruptedException e) {
            if (inFlight.isAborted()) {
                return RpcAnswer.error(request.id(), ENDED);
            }
            throw e;
        } finally {
            session.end(request.id(), inFlight);
        }
    }

    private Reply reply(
            RpcMessage.Request request,
            McpRequestContext context,
            Session session,
            InFlightRequest inFlight)
            throws InterruptedException {
        if (Calls.isCall(request.method())) {
            return calls.call(request, context, session, inFlight);
        }
        return switch (request.method()) {
            case "ping" -> Reply.done(JSON.objectNode());
            case "logging/setLevel" -> setLevel(request, session);
            case "resources/subscribe" -> calls.subscribe(request, context, session, inFlight);
            case "resources/unsubscribe" -> {
                session.watchNoMore(request.params().path("uri").asString(""));
                yield Reply.done(JSON.objectNode());
            }
            default ->
                    endpointCalls
                            .lists()
                            .answer(request, context)
                            .orElseGet(LegacyLane::unknownMethod);
        };
    }

    private static Reply setLevel(RpcMessage.Request request, Session session) {
        var level = request.params().path("level").asString("");
        if (!LogLevels.isLevel(level)) {
            return Reply.failed(RpcFault.invalidParams("Unknown log level"));
        }
        session.logFrom(level);
        return Reply.done(JSON.objectNode());
    }

    private static Reply unknownMethod() {
        return Reply.failed(RpcFault.of(200, RpcFault.METHOD_NOT_FOUND, "Method not found"));
    }

    private static RpcAnswer dress(JsonNode id, Reply reply) {
        return switch (reply) {
            case Reply.Done(var result, _) -> RpcAnswer.result(id, result);
            case Reply.Failed(var fault, _) -> RpcAnswer.error(id, fault);
        };
    }
}
