package io.sallyport.mcp;

import java.util.Optional;

/**
 * Seals what clients keep for us, so that they can neither read nor change it: cursors, request
 * states, session ids. Every gateway of an installation opens what any of them sealed.
 */
public interface StateKeys {
    /**
     * Encrypts and authenticates.
     *
     * @param context what the text is good for, in words that nothing else uses; it must be the
     *     same when it is opened
     * @return URL-safe text without padding
     */
    String seal(byte[] plain, String context);

    /** Empty if the text was changed, made up, or sealed for something else. */
    Optional<byte[]> open(String sealed, String context);
}
