package io.sallyport.gate;

import io.sallyport.audit.AuditRecord;
import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.SessionListener;
import io.sallyport.bridge.UpstreamListener;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ServerSlug;
import io.sallyport.recording.AuditTrail;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Passes on what a server says, and records what it asked for without being offered it. */
final class RecordingListener implements UpstreamListener {
    /** A server that asks on and on is not worth more records than this in one leg. */
    private static final int MOST = 10;

    private final UpstreamListener client;
    private final AnswerRoom room;
    private final Principal principal;
    private final ServerSlug server;
    private final UnderWay underWay;
    private final AuditTrail trail;
    private final Function<String, AuditRecord> record;
    private final AtomicInteger refusals = new AtomicInteger();

    RecordingListener(
            AdmittedCall call,
            UnderWay underWay,
            AuditTrail trail,
            Function<String, AuditRecord> record) {
        client = call.context().client().listener();
        room = call.context().room();
        principal = call.context().principal();
        server = call.server().slug();
        this.underWay = underWay;
        this.trail = trail;
        this.record = record;
    }

    @Override
    public AnswerRoom room() {
        return room;
    }

    @Override
    public Optional<SessionListener> beyond() {
        return client.beyond().map(it -> new StandingListener(it, principal, server, underWay));
    }

    @Override
    public void notified(String method, JsonNode params) {
        client.notified(method, params);
    }

    @Override
    public void refused(String method) {
        if (refusals.incrementAndGet() <= MOST) {
            trail.report(record.apply(method));
        }
        client.refused(method);
    }
}
