package io.sallyport.chat;

import java.time.Duration;
import java.util.Optional;

/** Claims of a gateway on which nothing is ever asked for again. */
final class FakeClaims implements Claims {
    @Override
    public Found find(
            Asked request, Optional<String> own, Optional<String> attached, Duration alive) {
        return own.map(it -> claim(request, it, alive, alive)).orElseGet(Found.Nothing::new);
    }

    @Override
    public Found claim(Asked request, String run, Duration alive, Duration age) {
        return new Found.Claimed(new Grant(request.principal(), run, 1));
    }

    @Override
    public boolean move(Grant grant, State state, Optional<byte[]> journal, Duration alive) {
        return true;
    }

    @Override
    public void release(Grant grant) {
        // nothing is kept
    }
}
