package io.sallyport.store;

import io.sallyport.recording.StoreFailure;

/** The database did not answer; the caller is told {@code store_unavailable} and nothing more. */
public final class StoreUnavailable extends StoreFailure {
    private static final long serialVersionUID = 1L;

    StoreUnavailable(Throwable cause) {
        super(cause);
    }
}
