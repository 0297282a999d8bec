package io.sallyport.admin;

import io.sallyport.catalog.JsonText;
import io.sallyport.edge.WholeRequest;
import io.sallyport.error.Reason;
import io.sallyport.gate.Workers;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.Rejections;
import io.sallyport.recording.StoreFailure;
import io.sallyport.tenant.Governance;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Where every admin request is taken in: its role, its tenant, its body, and its errors. */
final class AdminDesk {
    private static final Logger LOG = LoggerFactory.getLogger(AdminDesk.class);

    static final Set<String> ADMINS = Set.of("tenant-admin", "platform-admin");
    static final String TENANT = "X-Sallyport-Tenant";

    /** What records call this API. */
    static final String FACE = "admin";

    private static final int TOO_MANY = 429;

    private final Governance governance;
    private final TenantSettings settings;
    private final Workers workers;
    private final Rejections rejections;

    AdminDesk(
            Governance governance,
            TenantSettings settings,
            Workers workers,
            Rejections rejections) {
        this.governance = governance;
        this.settings = settings;
        this.workers = workers;
        this.rejections = rejections;
    }

    /** What an admin route does; blocks, and throws {@link Refusal} for what it does not do. */
    @FunctionalInterface
    interface Operation {
        AdminAnswer run(AdminRequest request) throws InterruptedException;
    }

    /** A route for admins only. */
    HandlerFunction<ServerResponse> admins(Operation operation) {
        return open(ADMINS, operation);
    }

    /** A route for callers with one of these roles, which takes no query parameters. */
    HandlerFunction<ServerResponse> open(Set<String> roles, Operation operation) {
        return open(roles, Set.of(), operation);
    }

    /**
     * The same with parameters.
     *
     * @param filters the names of all that it takes
     */
    HandlerFunction<ServerResponse> open(
            Set<String> roles, Set<String> filters, Operation operation) {
        return handler(new Opening(roles, filters, false), operation);
    }

    /** A route to logs: the platform has one of its own beside those of the tenants. */
    HandlerFunction<ServerResponse> logs(
            Set<String> roles, Set<String> filters, Operation operation) {
        return handler(new Opening(roles, filters, true), operation);
    }

    /** Whom a route is open to, what it takes, and whether it knows the platform as a tenant. */
    private record Opening(Set<String> roles, Set<String> filters, boolean toPlatform) {}

    private HandlerFunction<ServerResponse> handler(Opening opening, Operation operation) {
        return request ->
                workers.run(() -> answer(request, opening, operation)).flatMap(AdminDesk::write);
    }

    private AdminAnswer answer(ServerRequest request, Opening opening, Operation operation)
            throws InterruptedException {
        var caller = Caller.of(request.exchange());
        var acting = caller; // what is refused stands in the log of the tenant that it was about
        try {
            if (caller.principal().roles().stream().noneMatch(opening.roles()::contains)) {
                throw Refusal.forbidden();
            }
            refuseStopped(caller);
            var tenant = tenant(request, caller, opening);
            acting = caller.actingIn(tenant);
            var read =
                    new AdminRequest(
                            request,
                            acting,
                            governance.view(tenant),
                            WholeRequest.body(request.exchange()));
            read.acceptOnly(opening.filters());
            return operation.run(read);
        } catch (Refusal refusal) {
            rejections.rejected(acting, FACE, refusal.reason().code());
            return refusal.problem();
        } catch (StoreFailure _) {
            return new Refusal(503, Reason.STORE_UNAVAILABLE, "The store is unavailable.")
                    .problem();
        } catch (RuntimeException e) {
            LOG.error("admin request {}: {}", caller.requestId(), origin(e));
            return new Refusal(500, Reason.INTERNAL_ERROR, "Something went wrong.").problem();
        }
    }

    /**
     * Whoever is stopped neither decides nor starts themselves again; the platform's admins may.
     */
    private void refuseStopped(Caller caller) {
        var principal = caller.principal();
        if (!principal.roles().contains("platform-admin")
                && governance.view(principal.tenant()).stops().covers(principal.subject())) {
            throw Refusal.forbidden();
        }
    }

    /** Class and place only: a message may quote what was sent. */
    private static String origin(RuntimeException e) {
        var frames = e.getStackTrace();
        return e.getClass().getName() + (frames.length == 0 ? "" : " at " + frames[0]);
    }

    /** The tenant is the key's; only a platform admin may name another. */
    private TenantId tenant(ServerRequest request, Caller caller, Opening opening) {
        var named = Optional.ofNullable(request.headers().firstHeader(TENANT));
        if (named.isEmpty()) {
            return caller.principal().tenant();
        }
        if (!caller.principal().roles().contains("platform-admin")) {
            throw Refusal.forbidden();
        }
        if (opening.toPlatform() && named.get().equals(TenantId.SYSTEM.value())) {
            return TenantId.SYSTEM;
        }
        return settings.tenants().stream()
                .filter(it -> it.value().equals(named.get()))
                .findFirst()
                .orElseThrow(Refusal::notFound);
    }

    private static Mono<ServerResponse> write(AdminAnswer answer) {
        var response = ServerResponse.status(answer.status());
        if (answer.status() == TOO_MANY) {
            response.header(HttpHeaders.RETRY_AFTER, "1");
        }
        answer.etag().ifPresent(it -> response.header(HttpHeaders.ETAG, "\"" + it + "\""));
        if (answer.text().isPresent()) {
            return response.contentType(MediaType.TEXT_PLAIN).bodyValue(answer.text().get());
        }
        return answer.body()
                .map(it -> response.contentType(mediaType(answer)).bodyValue(JsonText.write(it)))
                .orElseGet(response::build);
    }

    private static MediaType mediaType(AdminAnswer answer) {
        return answer.status() >= 400
                ? MediaType.APPLICATION_PROBLEM_JSON
                : MediaType.APPLICATION_JSON;
    }
}
