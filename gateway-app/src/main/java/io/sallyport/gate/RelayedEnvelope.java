package io.sallyport.gate;

import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Continued;
import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.UpstreamListener;
import io.sallyport.catalog.Transport;
import io.sallyport.egress.Header;
import java.util.List;
import java.util.Optional;

/** What passes between a client and the upstream of its call, besides the call and its answer. */
final class RelayedEnvelope {
    private RelayedEnvelope() {}

    static Envelope of(AdmittedCall call, UpstreamListener listener) {
        var client = call.context().client();
        return new Envelope(
                session(call),
                Optional.of(name(call)),
                Declared.of(call),
                client.progress(),
                client.logLevel(),
                paramHeaders(call.target()),
                listener,
                call.call().continued().filter(RelayedEnvelope::isParked));
    }

    /** A program of ours is shared where the admin says that it remembers nothing. */
    private static String session(AdmittedCall call) {
        return switch (call.server().transport()) {
            case Transport.Stdio _ when call.server().stateless() -> Envelope.SHARED;
            case Transport.Stdio _, Transport.StreamableHttp _ ->
                    call.context().principal().subject();
        };
    }

    /** A tool by the server's own name for it; a resource by its URI, not by its template. */
    private static String name(AdmittedCall call) {
        return switch (call.target()) {
            case Target.Tool _ -> call.target().ref().tool();
            case Target.Content _ -> call.call().name();
        };
    }

    private static List<Header> paramHeaders(Target target) {
        return switch (target) {
            case Target.Tool(_, var headers) -> headers;
            case Target.Content _ -> List.of();
        };
    }

    private static boolean isParked(Continued continued) {
        return continued.continuation() instanceof Continuation.Parked;
    }
}
