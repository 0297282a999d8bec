package io.sallyport.chat;

import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Claims of a gateway on which nothing is ever asked for again; it says what became of them. */
class FakeClaims implements Claims {
    /** Stands for a claim that was released. */
    static final String RELEASED = "released";

    /** The names of states, in the order in which they were told. */
    final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public Found find(
            Asked request, Optional<String> own, Optional<String> attached, Duration alive) {
        return own.map(it -> claim(request, it, alive)).orElseGet(Found.Nothing::new);
    }

    @Override
    public Set<String> underWay(TenantId tenant, Set<String> runs) {
        return Set.of();
    }

    @Override
    public Found claim(Asked request, String run, Duration alive) {
        return new Found.Claimed(new Grant(request.principal(), run, 1));
    }

    @Override
    public boolean move(Grant grant, State state, Optional<byte[]> journal, Duration alive) {
        told.add(journal.isPresent() ? state + " with journal" : state.toString());
        return true;
    }

    @Override
    public void release(Grant grant) {
        told.add(RELEASED);
    }
}
