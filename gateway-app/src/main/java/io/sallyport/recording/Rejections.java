package io.sallyport.recording;

import io.sallyport.identity.Caller;

/** Where requests are reported that were refused before they meant anything. */
public interface Rejections {
    /**
     * Writes {@code request.rejected}, without waiting for it.
     *
     * @param face {@code chat}, {@code mcp} or {@code admin}
     * @param code the reason's code, never a part of the request
     */
    void rejected(Caller caller, String face, String code);
}
