package io.sallyport.provider;

import io.sallyport.bridge.EventStreamFault;
import io.sallyport.catalog.JsonText;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.EgressRequest;
import io.sallyport.egress.Header;
import io.sallyport.policy.TenantId;
import io.sallyport.threads.BlockingFlux;
import io.sallyport.threads.ComputePool;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Providers that speak the Chat Completions API themselves: trees in, trees and events out. */
public final class OpenAiProvider implements ModelProvider {
    /** Longest answer, streamed or not. */
    static final long MAX_ANSWER_BYTES = 64L * 1024 * 1024;

    /** Longest single event: a provider may send all arguments of a call in one. */
    static final int MAX_EVENT_BYTES = 4 * 1024 * 1024;

    /** Far more than live targets; entries of removed targets go when it is reached. */
    private static final int MAX_DESTINATIONS = 4096;

    /** Longest refusal that is read. */
    static final int MAX_REFUSAL_BYTES = 64 * 1024;

    /** A refusal that takes longer is told without its words. */
    private static final Duration REFUSAL_TIME = Duration.ofSeconds(5);

    /** Reading more than this would hold up the other connections of an event loop. */
    private static final int SMALL_BYTES = 256 * 1024;

    /** For 64 MiB of the smallest nodes on a slow machine. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final int OK = 200;

    /** No Content and Reset Content. */
    private static final Set<Integer> BODILESS = Set.of(204, 205);

    private final EgressClient egress;
    private final boolean loopbackHttp;
    private final ExecutorService threads;
    private final ComputePool compute;
    private final Map<Place, Destination> destinations = new ConcurrentHashMap<>();

    private record Place(TenantId tenant, ModelTarget target) {}

    /**
     * @param loopbackHttp whether plain http to loopback addresses is permitted: development only
     * @param threads makes a virtual thread per task
     */
    public OpenAiProvider(
            EgressClient egress,
            boolean loopbackHttp,
            ExecutorService threads,
            ComputePool compute) {
        this.egress = egress;
        this.loopbackHttp = loopbackHttp;
        this.threads = threads;
        this.compute = compute;
    }

    @Override
    public Mono<ObjectNode> complete(ModelRequest request) {
        return send(request, "application/json")
                .flatMap(it -> answer(request, it))
                .onErrorMap(OpenAiProvider::failure);
    }

    private Mono<ObjectNode> answer(ModelRequest request, EgressReply reply) {
        return reply.bytes()
                .flatMap(it -> read(request, it))
                .map(it -> answered(reply.status(), it));
    }

    /** A request that was only accepted, as 202 says, has no answer yet. */
    private static ObjectNode answered(int status, ObjectNode answer) {
        if (status != OK && !answer.path("choices").isArray()) {
            throw ModelFailure.answered(Optional.empty(), ProviderError.silent(status));
        }
        return answer;
    }

    /** Small answers are read at once; others where they hold up no connection. */
    private Mono<ObjectNode> read(ModelRequest request, byte[] bytes) {
        if (!request.room().takesAnswer(bytes)) {
            return Mono.error(ModelFailure.overloaded());
        }
        return bytes.length <= SMALL_BYTES
                ? Mono.fromSupplier(() -> WholeAnswer.read(bytes, request.target()))
                : BlockingFlux.<ObjectNode>from(
                                threads, tree -> tree.emit(computed(request, bytes)))
                        .single();
    }

    private ObjectNode computed(ModelRequest request, byte[] bytes) throws InterruptedException {
        return switch (compute.run(
                request.tenant().value(),
                LONGEST,
                () -> WholeAnswer.read(bytes, request.target()))) {
            case ComputePool.Outcome.Done<ObjectNode>(var tree) -> tree;
            case ComputePool.Outcome.OutOfTime<ObjectNode>() -> throw ModelFailure.tooLarge();
            case ComputePool.Outcome.Overloaded<ObjectNode>() -> throw ModelFailure.overloaded();
        };
    }

    @Override
    public Mono<ModelStream> stream(ModelRequest request) {
        return send(request, "text/event-stream")
                .<ModelStream>map(it -> new ProviderEvents(it, request))
                .onErrorMap(OpenAiProvider::failure);
    }

    private Mono<EgressReply> send(ModelRequest request, String accept) {
        return Mono.defer(() -> egress.send(egressRequest(request, accept)))
                .flatMap(it -> accepted(it, request.target()));
    }

    private EgressRequest egressRequest(ModelRequest request, String accept) {
        return new EgressRequest(
                destination(new Place(request.tenant(), request.target())),
                "POST",
                headers(request.target(), accept),
                JsonText.write(request.body()),
                request.timeout(),
                MAX_ANSWER_BYTES);
    }

    private Destination destination(Place place) {
        if (destinations.size() >= MAX_DESTINATIONS) {
            destinations.clear();
        }
        return destinations.computeIfAbsent(place, this::resolve);
    }

    private Destination resolve(Place place) {
        var target = place.target();
        var uri = URI.create(target.baseUrl() + "/chat/completions");
        var pool = place.tenant() + "/model/" + target.provider();
        return new Destination(pool, uri, target.egress(), loopbackHttp);
    }

    private static List<Header> headers(ModelTarget target, String accept) {
        var headers = new ArrayList<Header>(3);
        headers.add(new Header("content-type", "application/json"));
        headers.add(new Header("accept", accept));
        target.apiKey().ifPresent(it -> headers.add(new Header("authorization", "Bearer " + it)));
        return headers;
    }

    /** The words of a refusal are read, but not without an end. */
    private static Mono<EgressReply> accepted(EgressReply reply, ModelTarget target) {
        if (reply.status() >= OK && reply.status() < 300 && !BODILESS.contains(reply.status())) {
            return Mono.just(reply);
        }
        var retryAfter = reply.header("retry-after");
        return firstBytes(reply)
                .map(it -> ProviderError.read(reply.status(), it, target.words()))
                .onErrorReturn(ProviderError.silent(reply.status()))
                .flatMap(it -> Mono.error(ModelFailure.answered(retryAfter, it)));
    }

    /** The body, or nothing if it is long or takes long: then the connection is closed. */
    private static Mono<byte[]> firstBytes(EgressReply reply) {
        reply.allow(REFUSAL_TIME);
        return reply.body()
                .reduceWith(ByteArrayOutputStream::new, OpenAiProvider::joined)
                .map(ByteArrayOutputStream::toByteArray);
    }

    private static ByteArrayOutputStream joined(ByteArrayOutputStream bytes, byte[] chunk) {
        if (bytes.size() + chunk.length > MAX_REFUSAL_BYTES) {
            throw ModelFailure.tooLarge();
        }
        bytes.writeBytes(chunk);
        return bytes;
    }

    static Throwable failure(Throwable failure) {
        return switch (failure) {
            case ModelFailure known -> known;
            case EgressFailure egress -> failure(egress);
            case EventStreamFault _ -> ModelFailure.tooLarge();
            case Throwable other -> other;
        };
    }

    private static ModelFailure failure(EgressFailure failure) {
        return switch (failure) {
            case EgressFailure.Denied _ -> ModelFailure.unreachable();
            case EgressFailure.LimitReached _ -> ModelFailure.busy();
            case EgressFailure.Overloaded _ -> ModelFailure.overloaded();
            case EgressFailure.ConnectFailed _ -> ModelFailure.unreachable();
            case EgressFailure.Broken _ -> ModelFailure.broken();
            case EgressFailure.Encoded _ -> ModelFailure.malformed(WholeAnswer.COMPRESSED);
            case EgressFailure.TimedOut _ -> ModelFailure.timedOut();
            case EgressFailure.TooLarge _ -> ModelFailure.tooLarge();
        };
    }
}
