package io.sallyport.gate;

import io.sallyport.catalog.McpServer;
import io.sallyport.error.Reason;
import io.sallyport.gate.Circuits.Entry;
import io.sallyport.gate.Circuits.Health;
import io.sallyport.gate.Circuits.Permit;
import io.sallyport.tenant.ListFreshness;
import io.sallyport.tenant.ListFreshness.Listing;
import io.sallyport.tenant.ListFreshness.Listing.Failed;
import io.sallyport.tenant.ListFreshness.Listing.Listed;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Step 2, its second half: the server was seen lately, or is listed now. Listing takes of the
 * call's own time, and stands behind breaker and bulkhead like the call itself, so that a server
 * that hangs collects nobody.
 */
final class FreshPin {
    private final ListFreshness lists;
    private final Circuits circuits;

    FreshPin(ListFreshness lists, Circuits circuits) {
        this.lists = lists;
        this.circuits = circuits;
    }

    /** What came of it. */
    sealed interface Seen {
        /**
         * The pin holds.
         *
         * @param launch digest of the program that listed the server; another one that is started
         *     since was reviewed by nobody
         * @param context with the time that is left
         */
        record Lately(String launch, CallContext context) implements Seen {}

        /** It says nothing any more, so the call does not run. */
        record TooLongAgo(Reason reason, String sentence) implements Seen {}

        /** It is the pin of what the server was; the call is decided on anew. */
        record Overtaken() implements Seen {}
    }

    Seen check(McpServer server, CallContext context) throws InterruptedException {
        var latest = lists.latest(server);
        if (latest.isPresent()) {
            return new Seen.Lately(latest.get().launch(), context);
        }
        return switch (circuits.of(server).enter()) {
            case Entry.Entered(var permit) -> listed(server, context, permit);
            case Entry.Busy() -> new Seen.TooLongAgo(Reason.RATE_LIMITED, Circuits.BUSY);
        };
    }

    private Seen listed(McpServer server, CallContext context, Permit permit)
            throws InterruptedException {
        var start = System.nanoTime();
        try {
            if (!permit.begin()) {
                return new Seen.TooLongAgo(Reason.CIRCUIT_OPEN, Circuits.OPEN);
            }
            var listing = lists.list(server, context.timeout());
            var spent = System.nanoTime() - start;
            permit.leave(health(listing), TimeUnit.NANOSECONDS.toMicros(spent));
            return switch (listing) {
                case Listed(var launch) ->
                        new Seen.Lately(launch, context.after(Duration.ofNanos(spent)));
                case Listing.Overtaken() -> new Seen.Overtaken();
                case Failed failed -> new Seen.TooLongAgo(Reason.UPSTREAM_ERROR, sentence(failed));
            };
        } finally {
            permit.leaveUnused();
        }
    }

    private static String sentence(Failed failed) {
        return switch (failed) {
            case NOT_ANSWERED, NOT_USABLE, NOT_TRIED ->
                    "The server's lists could not be checked, so the call does not run.";
            case NOT_PERMITTED ->
                    "The server is a program that the gateway may not start now, so the call does"
                            + " not run. An admin sees why in the server's unavailable.";
        };
    }

    private static Health health(Listing listing) {
        return switch (listing) {
            case Listed _ -> Health.ANSWERS;
            case Failed.NOT_USABLE -> Health.ANSWERS;
            case Failed.NOT_ANSWERED -> Health.SILENT;
            case Listing.Overtaken() -> Health.UNKNOWN;
            case Failed.NOT_TRIED, Failed.NOT_PERMITTED -> Health.UNKNOWN;
        };
    }
}
