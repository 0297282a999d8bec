package io.sallyport.mcp;

import io.sallyport.bridge.ServerChange;
import io.sallyport.gate.SubscriptionResult;
import io.sallyport.threads.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Sinks;

/**
 * Resources that a client wants to hear of: one virtual thread each reads what the server tells.
 */
final class Updates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Updates.class);
    private static final int PREFETCH = 16;

    /** Resources that one principal may hear of, on all its streams and in all its sessions. */
    static final int MAX_EACH = 200;

    private final Lists lists;
    private final ExecutorService threads;
    private final PrincipalQuota readings = new PrincipalQuota(MAX_EACH);
    private final Sinks.Empty<Void> closed = Sinks.empty();

    Updates(Lists lists, ExecutorService threads) {
        this.lists = lists;
        this.threads = threads;
    }

    /**
     * Tells of each update that the caller may still read of, until cancelled or its key is no
     * more.
     *
     * @param lost runs when the server cannot tell any more
     */
    Future<?> watch(
            SubscriptionResult.Watching watching,
            McpRequestContext context,
            Consumer<String> updated,
            Runnable lost) {
        var principal = context.caller().principal();
        if (!readings.take(principal)) {
            lost.run();
            return CompletableFuture.completedFuture(null);
        }
        var reading =
                new CountedTask(
                        () -> read(watching, context, updated, lost),
                        () -> readings.giveBack(principal));
        threads.execute(reading);
        return reading;
    }

    /** Whether the caller would hear of too many resources, if it heard of so many more. */
    boolean areTooMany(int more, McpRequestContext context) {
        return readings.isExceededBy(more, context.caller().principal());
    }

    private void read(
            SubscriptionResult.Watching watching,
            McpRequestContext context,
            Consumer<String> updated,
            Runnable lost) {
        var updates = watching.updates().takeUntilOther(closed.asMono());
        try (var changes = Await.items(updates, PREFETCH)) {
            for (var next = changes.next();
                    next.isPresent() && lists.key(context).isPresent();
                    next = changes.next()) {
                if (next.get() instanceof ServerChange.OfResource(var uri)
                        && lists.mayRead(context, uri)) {
                    updated.accept(uri);
                }
            }
            lost.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody listens any more
        } catch (RuntimeException e) {
            LOG.info("updates lost: {}", e.getClass().getSimpleName());
            lost.run();
        }
    }

    /** Nobody hears of anything any more: a stop need not wait for what never ends by itself. */
    @Override
    public void close() {
        closed.tryEmitEmpty();
    }
}
