package io.sallyport.recording;

import io.sallyport.error.UnavailableException;

/** The store did not answer; what depends on it must not happen. */
public class StoreFailure extends UnavailableException {
    private static final long serialVersionUID = 1L;

    public StoreFailure(Throwable cause) {
        super("the store is unavailable", cause);
    }
}
