package io.sallyport.edge;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ByteBudget;
import io.sallyport.bridge.JsonWeight;
import io.sallyport.identity.Caller;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.server.ServerWebExchange;

/**
 * What the body of one request, and the answers of servers and models to it, take of the budget of
 * bytes: until its exchange has ended, and all work that outlives it.
 */
public final class HeldBody {
    private static final String ATTRIBUTE = HeldBody.class.getName();

    private final ByteBudget budget;
    private final ByteBudget.Claim claim;
    private final AtomicInteger holders = new AtomicInteger(1);

    private HeldBody(ByteBudget budget, ByteBudget.Claim claim) {
        this.budget = budget;
        this.claim = claim;
    }

    static HeldBody begin(ByteBudget budget, ServerWebExchange exchange, Caller caller) {
        var claim = budget.claim(caller.key().tenant().value(), caller.key().id());
        var body = new HeldBody(budget, claim);
        exchange.getAttributes().put(ATTRIBUTE, body);
        return body;
    }

    /** Whether a text of so many bytes may come. */
    boolean expectsText(long bytes) {
        return claim.expect(JsonWeight.ofText(bytes));
    }

    boolean growsByText(long bytes) {
        return claim.grow(JsonWeight.ofText(bytes));
    }

    boolean growsBy(long bytes) {
        return claim.grow(bytes);
    }

    boolean isEverEnoughFor(long bytes) {
        return budget.isEverEnoughFor(bytes);
    }

    /** Where answers count that are held for an exchange: with its body. */
    public static AnswerRoom room(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE) instanceof HeldBody body
                ? body::growsBy
                : AnswerRoom.UNCOUNTED;
    }

    /** One holder less; the bytes are free with the last one. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            claim.close();
        }
    }

    /**
     * Holds the body of an exchange beyond its end, if it has one.
     *
     * @return to be run once when it is not needed any more
     */
    public static Runnable retain(ServerWebExchange exchange) {
        if (exchange.getAttribute(ATTRIBUTE) instanceof HeldBody body) {
            body.holders.incrementAndGet();
            return body::release;
        }
        return () -> {};
    }
}
