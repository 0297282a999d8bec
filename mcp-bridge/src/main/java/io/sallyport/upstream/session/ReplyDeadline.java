package io.sallyport.upstream.session;

import io.sallyport.egress.EgressReply;
import io.sallyport.upstream.wire.Deadline;
import java.time.Duration;
import java.util.Optional;

/** How long an exchange may go on, whose answer may not have begun when that is said. */
final class ReplyDeadline {
    private Optional<EgressReply> reply = Optional.empty();
    private Deadline until;

    ReplyDeadline(Deadline until) {
        this.until = until;
    }

    synchronized Deadline until() {
        return until;
    }

    synchronized void allow(Duration time) {
        until = Deadline.in(time);
        reply.ifPresent(it -> it.allow(time));
    }

    /** The answer begins, or goes on in another one. */
    synchronized void came(EgressReply begun) {
        reply = Optional.of(begun);
        begun.allow(until.remaining());
    }
}
