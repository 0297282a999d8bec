package io.sallyport.edge;

import io.sallyport.bridge.ByteBudget;
import java.time.Duration;
import org.springframework.web.server.WebFilter;

/** Lets tests of other packages have bodies read as the gateway reads them. */
public final class GuardedBodies {
    private GuardedBodies() {}

    public static WebFilter within(ByteBudget budget) {
        return new RequestGuard((_, _, _) -> {}, budget, Duration.ofSeconds(20));
    }
}
