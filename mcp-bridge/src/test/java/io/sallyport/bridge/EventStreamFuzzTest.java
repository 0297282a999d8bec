package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.fuzz.FuzzInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What holds for whatever a server sends as an event stream. */
class EventStreamFuzzTest {
    private static final int MAX_EVENT = 4 * 1024;

    private static final FuzzInputs STREAMS =
            FuzzInputs.of(
                    List.of(
                            "event: message\ndata: {\"a\":1}\n\ndata: b\ndata: c\n\n",
                            "\ufeffid: 7\r\nretry: 100\r\ndata:x\r\n\r\n: comment\r\n\r\n",
                            "data\r\rid\rdata: \u00e9\ud83d\ude00\r\r"),
                    List.of(
                            "data:",
                            "data: x\n",
                            "\n\n",
                            "\r",
                            "id: a\u0000b\n",
                            "retry: 99\n",
                            ":"));

    @Test
    void holdsForStreamsFromASeed() {
        STREAMS.check(getClass(), this::readsTheSameHoweverItIsCut);
    }

    @FuzzTest
    void readsTheSameHoweverItIsCut(byte[] stream) {
        var whole = read(stream, Math.max(1, stream.length));
        for (int size : new int[] {1, 7, 64}) {
            assertThat(read(stream, size)).isEqualTo(whole);
        }
        whole.ifPresent(events ->
                assertThat(events)
                        .allSatisfy(
                                it -> assertThat(it.data()).hasSizeLessThanOrEqualTo(MAX_EVENT)));
    }

    /** Empty if it is refused. */
    private static Optional<List<ServerEvent>> read(byte[] stream, int size) {
        var parser = new EventStreamParser(MAX_EVENT);
        var events = new ArrayList<ServerEvent>();
        try {
            for (int at = 0; at < stream.length; at += size) {
                int end = Math.min(stream.length, at + size);
                events.addAll(parser.feed(Arrays.copyOfRange(stream, at, end)));
            }
        } catch (EventStreamFault _) {
            return Optional.empty();
        }
        return Optional.of(List.copyOf(events));
    }
}
