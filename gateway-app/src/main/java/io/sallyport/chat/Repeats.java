package io.sallyport.chat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.chat.Claims.Asked;
import io.sallyport.chat.Claims.Found;
import io.sallyport.chat.Claims.Grant;
import io.sallyport.chat.FirstAttempts.ApiKey;
import io.sallyport.chat.FirstAttempts.Likeness;
import io.sallyport.chat.GovernedFace.Ports;
import io.sallyport.error.Reason;
import io.sallyport.json.Sha256;
import io.sallyport.recording.Rejections;
import io.sallyport.threads.BlockingFlux;
import io.sallyport.threads.Producer.Emitter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/**
 * Says which run a request belongs to: its own, one that goes on where it was left, or one that has
 * answered. Clients repeat what they gave up waiting for, and must not cause it twice.
 */
final class Repeats {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final int MAX_KEY = 255;

    /** How the SDKs of OpenAI say that they ask again. */
    private static final String COUNT = "X-Stainless-Retry-Count";

    private static final Pattern AGAIN = Pattern.compile("0*[1-9][0-9]{0,8}");

    private static final Duration LONG = Duration.ofDays(1);

    private final Ports ports;
    private final Claims claims;
    private final Rejections rejections;
    private final FirstAttempts firsts = new FirstAttempts();
    private final RunWatch watch;

    Repeats(Ports ports, Rejections rejections) {
        this.ports = ports;
        this.claims = ports.claims();
        this.rejections = rejections;
        watch = new RunWatch(claims, ports.workers().threads());
    }

    /** A request and the claim of the run that it belongs to. */
    record Beginning(ChatCall call, Claim claim) {}

    /**
     * Waits for a run that is under way. Costs next to nothing if the request is neither keyed nor
     * again.
     *
     * @param given is told of a claim that may be held already, before it is handed on
     */
    Mono<Beginning> beginning(ChatCall call, Plan.Governed plan, Consumer<Claim> given) {
        if (!isKeyed(call.headers()) && !isAgain(call.headers())) {
            firsts.add(ApiKey.of(call), Likeness.of(call), call.begun());
            return Mono.just(new Beginning(call, later(call, plan)));
        }
        var found =
                BlockingFlux.<Beginning>from(
                        ports.workers().threads(),
                        plan.limit(),
                        it -> hand(awaited(call, plan), given, it));
        return Mono.firstWithSignal(
                ports.<Beginning>end(call.caller().principal()), found.single());
    }

    /** Who has left meanwhile leaves the run as it was found. */
    private static void hand(Beginning beginning, Consumer<Claim> given, Emitter<Beginning> next)
            throws InterruptedException {
        given.accept(beginning.claim());
        try {
            next.emit(beginning);
        } catch (InterruptedException e) {
            beginning.claim().giveUp();
            throw e;
        }
    }

    /** Whoever asked has the whole answer: nobody has to ask again. */
    void answered(ChatCall call) {
        if (!isKeyed(call.headers())) {
            firsts.remove(ApiKey.of(call), Likeness.of(call));
        }
    }

    private static boolean isKeyed(HttpHeaders headers) {
        return headers.containsHeader(IDEMPOTENCY_KEY);
    }

    private static boolean isAgain(HttpHeaders headers) {
        var count = headers.getFirst(COUNT);
        return count != null && AGAIN.matcher(count.strip()).matches();
    }

    private Claim later(ChatCall call, Plan.Governed plan) {
        return Claim.later(claims, run(call, call.run(), plan));
    }

    private Claim.Run run(ChatCall call, String id, Plan.Governed plan) {
        return run(call, id, plan, Journal.of(completion(plan)));
    }

    private static Claim.Run run(ChatCall call, String id, Plan.Governed plan, Journal journal) {
        return new Claim.Run(
                id,
                () -> request(call, call.begun()),
                alive(plan),
                journal,
                isKeyed(call.headers()));
    }

    private Completion completion(Plan.Governed plan) {
        var now = ports.clock().instant().getEpochSecond();
        return new Completion(Ids.mint("chatcmpl-"), now, plan.request().model());
    }

    private static Duration alive(Plan.Governed plan) {
        return plan.limit().plus(plan.model().limits().callTimeout());
    }

    private Beginning awaited(ChatCall call, Plan.Governed plan) throws InterruptedException {
        try {
            return inTurn(call, plan);
        } catch (ChatFailure refused) {
            rejections.rejected(call.caller(), "chat", refused.error().code());
            throw refused;
        }
    }

    private Beginning inTurn(ChatCall call, Plan.Governed plan) throws InterruptedException {
        var principal = call.caller().principal();
        if (!watch.enter(principal)) {
            throw new ChatFailure(ChatError.tooManyRepetitions());
        }
        try {
            var begun = firsts.begun(ApiKey.of(call), Likeness.of(call)).orElseGet(Repeats::ago);
            return found(call, plan, request(call, begun));
        } finally {
            watch.leave(principal);
        }
    }

    /** Before any run that is kept. */
    private static long ago() {
        return System.nanoTime() - LONG.toNanos();
    }

    private Beginning found(ChatCall call, Plan.Governed plan, Asked request)
            throws InterruptedException {
        var own =
                request.keyed() || plan.offer().mayChange()
                        ? Optional.of(call.run())
                        : Optional.<String>empty();
        var found = claims.find(request, own, Optional.empty(), alive(plan));
        while (found instanceof Found.UnderWay(var run, var attached)) {
            watch.await(request.principal(), run);
            var waited = attached ? Optional.of(run) : Optional.<String>empty();
            found = claims.find(request, own, waited, alive(plan));
        }
        return switch (found) {
            case Found.Nothing _, Found.UnderWay _ -> new Beginning(call, later(call, plan));
            case Found.Claimed(var grant) ->
                    new Beginning(call, Claim.held(claims, run(call, call.run(), plan), grant));
            case Found.Unfinished(var grant, var journal) ->
                    repeating(call, unfinished(call, plan, grant, journal));
            case Found.Answered(var id, var journal) ->
                    repeating(call, Claim.over(claims, run(call, id, plan, journal)));
            case Found.Failed(var run) -> throw failed(call, run);
            case Found.Mismatch _ -> throw mismatch();
            case Found.Full _ -> throw new ChatFailure(ChatError.tooManyRuns());
            case Found.Busy _ -> throw new ChatFailure(ChatError.overloaded());
        };
    }

    /** What cannot be read of it was done, and so nobody can go on with it. */
    private Claim unfinished(
            ChatCall call, Plan.Governed plan, Grant grant, Optional<byte[]> journal) {
        try {
            var run =
                    journal.isEmpty()
                            ? run(call, grant.run(), plan)
                            : run(call, grant.run(), plan, journal.get());
            return Claim.held(claims, run, grant);
        } catch (ChatFailure unreadable) {
            Claim.held(claims, run(call, grant.run(), plan), grant).fail(true);
            throw unreadable;
        }
    }

    private static Beginning repeating(ChatCall call, Claim claim) {
        Failures.logRepeats(call.caller().requestId(), claim.run());
        return new Beginning(call.repeating(claim.run()), claim);
    }

    private static Claim.Run run(ChatCall call, String id, Plan.Governed plan, byte[] journal) {
        try {
            return run(call, id, plan, Journal.read(journal, plan.request().model()));
        } catch (MalformedJson _) {
            throw failed(call, id); // it was too much to be kept
        }
    }

    private static ChatFailure failed(ChatCall call, String run) {
        call.repeating(run).tellRun();
        return new ChatFailure(ChatError.afterSideEffects(run));
    }

    private static ChatFailure mismatch() {
        return ChatFailure.invalid(
                Reason.IDEMPOTENCY_MISMATCH,
                "The Idempotency-Key was used for another request, or with another API key; give"
                        + " each its own.",
                "");
    }

    private static Asked request(ChatCall call, long begun) {
        var principal = call.caller().principal();
        var who = principal.tenant().value() + '\0' + principal.subject() + '\0';
        var fingerprint = fingerprint(call);
        var key = key(call.headers());
        return new Asked(
                principal,
                key.map(it -> "key\0" + who + it).orElseGet(() -> "again\0" + who + fingerprint),
                fingerprint,
                key.isPresent(),
                begun);
    }

    /**
     * What changes what becomes of the request: the bytes of the body, our headers, and what the
     * credential may do.
     */
    private static String fingerprint(ChatCall call) {
        var text =
                "POST /v1/chat/completions\n"
                        + call.caller().principal().credential()
                        + '\n'
                        + call.ourHeaders()
                        + Sha256.of(call.body());
        return Sha256.of(text);
    }

    private static Optional<String> key(HttpHeaders headers) {
        var keys = headers.getOrEmpty(IDEMPOTENCY_KEY);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        if (keys.size() > 1) {
            throw ChatFailure.invalidRequest(
                    "A request has one Idempotency-Key header, and this one has more.", "");
        }
        var key = keys.getFirst().strip();
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw ChatFailure.invalidRequest(
                    "An Idempotency-Key has 1 to " + MAX_KEY + " characters.", "");
        }
        return Optional.of(key);
    }
}
