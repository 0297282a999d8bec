package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.threads.Await;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where events of changes are read, the same in both eras. */
final class LongEvents {
    private static final ServerChange TOOLS = new ServerChange.OfList(ListKind.TOOLS);

    private LongEvents() {}

    static void assertReadOnThreadsOfTheirOwn(FakeMcpServer server, McpUpstream upstream)
            throws InterruptedException {
        var longParams = "{\"x\":\"" + "x".repeat(100_000) + "\"}";
        var over = new CountDownLatch(1);
        server.answering(turn -> {
            var stream = turn.stream();
            turn.tell(stream, "notifications/tools/list_changed", "{}");
            turn.tell(stream, "notifications/tools/list_changed", longParams);
            over.await(20, TimeUnit.SECONDS);
        });
        var threads = new CopyOnWriteArrayList<String>();
        var heard =
                upstream.changes(ChangeSubscription.ofLists())
                        .doOnNext(_ -> threads.add(Thread.currentThread().getName()));
        try (var changes = Await.items(heard, 8)) {
            assertThat(changes.next()).contains(TOOLS);
            assertThat(changes.next()).contains(TOOLS);
        }
        over.countDown();
        assertThat(threads.getFirst()).doesNotStartWith("long-answers");
        assertThat(threads.getLast()).startsWith("long-answers");
    }
}
