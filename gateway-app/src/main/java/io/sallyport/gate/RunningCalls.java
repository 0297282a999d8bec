package io.sallyport.gate;

import io.sallyport.policy.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The calls that are at an upstream now, so that a stop reaches them too. A call is in here for as
 * long as its reply is awaited; how many there are is bounded by the permits of their servers.
 */
final class RunningCalls {
    private final Governance governance;
    private final ViewChanges changes;
    private final Map<TenantId, Set<Running>> tenants = new ConcurrentHashMap<>();

    RunningCalls(Governance governance, ViewChanges changes) {
        this.governance = governance;
        this.changes = changes;
    }

    /** Told apart by identity. */
    private static final class Running {
        private final AdmittedCall call;
        private final Sinks.Empty<Void> stopped = Sinks.empty();

        Running(AdmittedCall call) {
            this.call = call;
        }

        void endIfStopped(TenantView view) {
            if (view.isStopped(call.context().principal(), call.target().ref())) {
                stopped.tryEmitEmpty();
            }
        }
    }

    /** The reply, or empty once the call is stopped: the request is cancelled then. */
    <T> Mono<Optional<T>> untilStopped(AdmittedCall call, Mono<T> reply) {
        return Mono.defer(() -> {
            var running = new Running(call);
            var others = of(call.view().tenant());
            others.add(running);
            running.endIfStopped(governance.view(call.view().tenant())); // stopped since its intent
            return Mono.firstWithSignal(
                            reply.map(Optional::of),
                            running.stopped.asMono().thenReturn(Optional.<T>empty()))
                    .doFinally(_ -> others.remove(running));
        });
    }

    /** Listens to the tenant from its first call on. */
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
