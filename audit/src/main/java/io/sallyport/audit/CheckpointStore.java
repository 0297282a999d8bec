package io.sallyport.audit;

import java.io.IOException;
import java.util.Optional;

/** Port: the latest signed checkpoint of each log. */
public interface CheckpointStore {
    /** The latest checkpoint of {@code log} as a signed note; empty when none was signed yet. */
    Optional<String> latest(String log) throws IOException;

    /** Keeps {@code note} as the latest checkpoint of {@code log}, durably. */
    void save(String log, String note) throws IOException;
}
