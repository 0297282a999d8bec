package io.sallyport.chat;

import io.sallyport.recording.RunRecords;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Run records in memory; a test decides whether they can be written. */
final class FakeRecords implements RunRecords {
    volatile CompletableFuture<Boolean> start = CompletableFuture.completedFuture(true);
    volatile CompletableFuture<Boolean> end = CompletableFuture.completedFuture(true);

    private final BlockingQueue<RunStart> starts = new LinkedBlockingQueue<>();
    private final BlockingQueue<RunEnd> ends = new LinkedBlockingQueue<>();

    @Override
    public CompletableFuture<Boolean> started(RunStart record) {
        starts.add(record);
        return start;
    }

    @Override
    public CompletableFuture<Boolean> finished(RunStart record, RunEnd outcome) {
        ends.add(outcome);
        return end;
    }

    RunStart nextStart() throws InterruptedException {
        return present(starts.poll(10, TimeUnit.SECONDS));
    }

    RunEnd nextEnd() throws InterruptedException {
        return present(ends.poll(10, TimeUnit.SECONDS));
    }

    int moreEnds() {
        return ends.size();
    }

    private static <T> T present(@Nullable T record) {
        if (record == null) {
            throw new AssertionError("no record was written");
        }
        return record;
    }
}
