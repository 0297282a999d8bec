package io.sallyport.gate;

import io.sallyport.policy.Principal;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import io.sallyport.tenant.ViewChanges;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What is under way now, so that a stop reaches it too: calls at an upstream, subscriptions, runs,
 * questions to clients. Each is in here for as long as it is awaited; how many there are is bounded
 * by those who admit them.
 */
public final class UnderWay {
    private final Governance governance;
    private final ViewChanges changes;
    private final Map<TenantId, Set<Running>> tenants = new ConcurrentHashMap<>();

    public UnderWay(Governance governance, ViewChanges changes) {
        this.governance = governance;
        this.changes = changes;
    }

    /** Whoever asked for it was stopped. */
    public static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Stopped() {
            super("stopped", null, false, false);
        }
    }

    /** Told apart by identity. */
    private static final class Running {
        private final Predicate<TenantView> isStopped;
        private final Sinks.Empty<Void> stopped = Sinks.empty();

        Running(Predicate<TenantView> isStopped) {
            this.isStopped = isStopped;
        }

        void endIfStopped(TenantView view) {
            if (isStopped.test(view)) {
                stopped.tryEmitEmpty();
            }
        }
    }

    /** Fails with {@link Stopped} once the principal may do nothing any more; never completes. */
    public <T> Mono<T> failOnStop(Principal principal) {
        return stop(principal.tenant(), it -> it.isStopped(principal))
                .then(Mono.error(Stopped::new));
    }

    /** Completes once the principal cannot have it any more, because of a stop. */
    public Mono<Void> stop(Principal principal, ToolRef what) {
        return stop(principal.tenant(), it -> it.isStopped(principal, what));
    }

    private Mono<Void> stop(AdmittedCall call) {
        return stop(call.context().principal(), call.target().ref());
    }

    /** The reply, or empty once the call is stopped: the request is cancelled then. */
    <T> Mono<Optional<T>> untilStopped(AdmittedCall call, Mono<T> reply) {
        return Mono.firstWithSignal(
                stop(call).thenReturn(Optional.<T>empty()), reply.map(Optional::of));
    }

    /** What a subscription tells; ends once it is stopped, and the subscription with it. */
    <T> Flux<T> untilStopped(AdmittedCall call, Flux<T> told) {
        return told.takeUntilOther(stop(call));
    }

    boolean isStopped(AdmittedCall call) {
        return governance
                .view(call.view().tenant())
                .isStopped(call.context().principal(), call.target().ref());
    }

    /** Whether the principal may use something of the server now; from memory. */
    boolean mayHear(Principal principal, ServerSlug server) {
        var view = governance.view(principal.tenant());
        return !view.isStopped(principal) && view.offers(principal, server);
    }

    private Mono<Void> stop(TenantId tenant, Predicate<TenantView> isStopped) {
        return Mono.defer(() -> {
            var running = new Running(isStopped);
            var others = of(tenant);
            others.add(running);
            running.endIfStopped(governance.view(tenant)); // stopped since it was admitted
            return running.stopped.asMono().doFinally(_ -> others.remove(running));
        });
    }

    /** Listens to the tenant from the first of it on. */
    private Set<Running> of(TenantId tenant) {
        var known = tenants.get(tenant);
        return known == null ? tenants.computeIfAbsent(tenant, this::listen) : known;
    }

    private Set<Running> listen(TenantId tenant) {
        Set<Running> running = ConcurrentHashMap.newKeySet();
        var _ =
                changes.onChange(
                        tenant,
                        () -> {
                            var view = governance.view(tenant);
                            running.forEach(it -> it.endIfStopped(view));
                        });
        return running;
    }
}
