package io.sallyport.store;

import io.sallyport.recording.TrailEntry;
import java.util.function.BooleanSupplier;

/**
 * The one rule by which new intents are refused, whoever writes them: records that are in no tree
 * could be deleted unseen, so while they wait too long for one, no call begins.
 *
 * @param integrationIsBehind whether some do
 */
record IntentRule(BooleanSupplier integrationIsBehind) {
    boolean refuses(TrailEntry entry) {
        return entry instanceof TrailEntry.Intent && integrationIsBehind.getAsBoolean();
    }
}
