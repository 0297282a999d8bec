package io.sallyport.upstream.wire;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.CanonicalJson;
import io.sallyport.egress.FaultDetail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Collects all pages of one list within a budget; an incomplete list is no list. */
public final class ListPages {
    private static final int METHOD_NOT_FOUND = -32_601;
    private static final int MAX_PAGES = 50;
    private static final int MAX_ITEMS = 1_000;
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] FIRST = "{}".getBytes(StandardCharsets.US_ASCII);

    private final ListKind kind;
    private final AnswerRoom room;
    private final Function<UpstreamRequest, Mono<UpstreamReply>> ask;

    /**
     * @param room where the pages count, each with its tree
     */
    public ListPages(
            ListKind kind, AnswerRoom room, Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
        this.kind = kind;
        this.room = room;
        this.ask = ask;
    }

    private record Gathered(
            List<JsonNode> items, int pages, int bytes, Optional<byte[]> next, Deadline deadline) {}

    public Mono<List<JsonNode>> all(String session) {
        return Mono.defer(() ->
                more(
                        session,
                        new Gathered(List.of(), 0, 0, Optional.of(FIRST), Deadline.in(PATIENCE))));
    }

    private Mono<List<JsonNode>> more(String session, Gathered gathered) {
        if (gathered.next().isEmpty()) {
            return Mono.just(gathered.items());
        }
        if (gathered.pages() >= MAX_PAGES) {
            return Mono.error(tooLarge());
        }
        var request =
                new UpstreamRequest(
                        kind.method(),
                        gathered.next().get(),
                        Envelope.plain(session, room),
                        gathered.deadline().remaining(),
                        MAX_BYTES - gathered.bytes());
        return ask.apply(request)
                .map(reply -> add(gathered, reply))
                .flatMap(sum -> more(session, sum));
    }

    private Gathered add(Gathered gathered, UpstreamReply reply) {
        if (hasNoSuchList(reply)) {
            return new Gathered(List.of(), 1, 0, Optional.empty(), gathered.deadline());
        }
        if (!(reply instanceof UpstreamReply.Result(var page, var size, _))
                || !isList(page.path(kind.member()))) {
            throw noList(reply);
        }
        var items = new ArrayList<>(gathered.items());
        page.path(kind.member()).valueStream().filter(it -> !it.isNull()).forEach(items::add);
        var bytes = gathered.bytes() + size;
        if (items.size() > MAX_ITEMS || bytes >= MAX_BYTES) {
            throw tooLarge();
        }
        return new Gathered(items, gathered.pages() + 1, bytes, next(page), gathered.deadline());
    }

    /** Some servers write a list that has nothing in it as null. */
    private static boolean isList(JsonNode list) {
        return list.isArray() || list.isNull();
    }

    /** What came in place of a list. */
    private static UpstreamException noList(UpstreamReply reply) {
        return switch (reply) {
            case UpstreamReply.Failed(var failure, var sent) ->
                    new UpstreamException(failure, sent);
            case UpstreamReply.TooLarge _ -> tooLarge();
            case UpstreamReply.RpcError error -> Faults.ofError(error);
            case UpstreamReply.Result _, UpstreamReply.InputRequired _ ->
                    new UpstreamException(
                            UpstreamFailure.PROTOCOL_ERROR,
                            true,
                            FaultDetail.of(FaultDetail.Cause.NO_LIST));
        };
    }

    /**
     * Servers that have resources often know nothing of templates. A server that has tools and
     * knows no list of them is broken.
     */
    private boolean hasNoSuchList(UpstreamReply reply) {
        return kind != ListKind.TOOLS
                && reply instanceof UpstreamReply.RpcError error
                && error.code() == METHOD_NOT_FOUND;
    }

    private static Optional<byte[]> next(JsonNode page) {
        var cursor = page.path("nextCursor").asString("");
        return cursor.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        CanonicalJson.write(
                                JsonNodeFactory.instance.objectNode().put("cursor", cursor)));
    }

    private static UpstreamException tooLarge() {
        return new UpstreamException(
                UpstreamFailure.RESPONSE_TOO_LARGE,
                true,
                FaultDetail.of(FaultDetail.Cause.LIST_TOO_LARGE));
    }
}
