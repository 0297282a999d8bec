package io.sallyport.mcp;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many of a thing each principal holds now; no one may hold so many that others feel it. */
final class PrincipalQuota {
    private final int most;
    private final Map<Holder, Integer> held = new ConcurrentHashMap<>();

    private record Holder(TenantId tenant, String subject) {
        static Holder of(Principal principal) {
            return new Holder(principal.tenant(), principal.subject());
        }
    }

    PrincipalQuota(int most) {
        this.most = most;
    }

    /** Whether the principal may hold one more, and then does. */
    boolean take(Principal principal) {
        var asked = Holder.of(principal);
        var now = held.merge(asked, 1, Integer::sum);
        if (now > most) {
            giveBack(principal);
        }
        return now <= most;
    }

    /** Whether the principal may not hold {@code more} of them. */
    boolean isExceededBy(int more, Principal principal) {
        return held.getOrDefault(Holder.of(principal), 0) + more > most;
    }

    void giveBack(Principal principal) {
        held.computeIfPresent(Holder.of(principal), (_, now) -> now > 1 ? now - 1 : null);
    }

    /** How many hold something. */
    int holders() {
        return held.size();
    }
}
