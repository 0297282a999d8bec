package io.sallyport.store;

import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.Turn;
import io.sallyport.recording.TrailEntry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The nullable columns of an intake row; SQL is the one place where absent is null. */
final class EntryColumns {
    private static final String RUN = "run/";

    private EntryColumns() {}

    /** What needs an end has a key: a call, and a chat run since it has had one. */
    static @Nullable String intentKey(TrailEntry entry) {
        return switch (entry) {
            case TrailEntry.Intent intent -> intent.key();
            case TrailEntry.Fact(var record) when record.kind() == Kind.CHAT_REQUEST ->
                    runKey(record.log(), record.what().turn());
            case TrailEntry.Fact _, TrailEntry.Outcome _ -> null;
        };
    }

    /** A run begins once, and each request that goes on with it does so once. */
    private static String runKey(String log, Turn turn) {
        var key = RUN + log + "/" + turn.run();
        return turn.call().isEmpty() ? key : key + "/" + turn.call();
    }

    /** The run of a key that {@link #intentKey} made, empty if it is a call's. */
    static String run(String key) {
        return key.startsWith(RUN) ? key.split("/", -1)[2] : "";
    }

    /** Record ids are unique in their log only, so the log is part of the key. */
    static @Nullable String outcomeOf(TrailEntry entry) {
        return entry instanceof TrailEntry.Outcome outcome ? outcomeKey(outcome) : null;
    }

    private static String outcomeKey(TrailEntry.Outcome outcome) {
        return outcome.record().log() + "/" + outcome.intent();
    }

    static byte @Nullable [] payload(TrailEntry entry) {
        return switch (entry) {
            case TrailEntry.Intent intent -> intent.sealed();
            case TrailEntry.Outcome outcome ->
                    outcome.sealed().length == 0 ? null : outcome.sealed();
            case TrailEntry.Fact _ -> null;
        };
    }

    /** The key that may exist only once, in a form that keeps intents and outcomes apart. */
    static Optional<String> uniqueKey(TrailEntry entry) {
        return switch (entry) {
            case TrailEntry.Outcome outcome -> Optional.of(outcomeKey(outcome));
            case TrailEntry.Intent _, TrailEntry.Fact _ -> Optional.ofNullable(intentKey(entry));
        };
    }
}
