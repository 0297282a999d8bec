package io.sallyport.store;

import io.sallyport.gate.TrailEntry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The nullable columns of an intake row; SQL is the one place where absent is null. */
final class EntryColumns {
    private EntryColumns() {}

    static @Nullable String intentKey(TrailEntry entry) {
        return entry instanceof TrailEntry.Intent intent ? intent.key() : null;
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
            case TrailEntry.Intent intent -> Optional.of(intent.key());
            case TrailEntry.Outcome outcome -> Optional.of(outcomeKey(outcome));
            case TrailEntry.Fact _ -> Optional.empty();
        };
    }
}
