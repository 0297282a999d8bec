package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ChannelTest {
    private static final long MINUTE = 60_000_000_000L;
    private static final int MEBIBYTE = 1024 * 1024;

    private final AtomicInteger gone = new AtomicInteger();
    private final Channel channel = new Channel(true, System.nanoTime(), gone::incrementAndGet);

    @Test
    void aStreamThatNobodyComesForIsGivenUp() {
        channel.tell(text(1));
        channel.keepAlive(System.nanoTime(), MINUTE);
        assertThat(gone).hasValue(0);

        channel.keepAlive(System.nanoTime() + MINUTE, MINUTE);

        assertThat(gone).hasValue(1);
        assertThat(channel.isClosed()).isTrue();
        assertThat(channel.tell(text(1))).isFalse();
    }

    @Test
    void aStreamThatIsReadLives() {
        channel.tell(text(1));
        var read = new ArrayList<String>();
        var reading = frames().map(String::new).subscribe(read::add);

        channel.keepAlive(System.nanoTime() + MINUTE, MINUTE / 2);

        assertThat(read).hasSize(2).last().isEqualTo(": keep-alive\n\n");
        assertThat(gone).hasValue(0);
        reading.dispose();
        assertThat(gone).hasValue(1);
    }

    @Test
    void aClientThatDoesNotReadCostsNoMoreThanAFewMebibytes() {
        int taken = 0;
        while (channel.tell(text(MEBIBYTE)) && taken < 100) {
            taken++;
        }

        assertThat(taken).isLessThanOrEqualTo(6);
        assertThat(channel.isClosed()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadMissesNoticesFirst() {
        for (int sent = 0; sent < 1_000; sent++) {
            channel.notice(text(10));
        }
        channel.finish(RpcAnswer.result(JsonNodeFactory.instance.numberNode(1), object()));

        assertThat(all()).hasSize(Channel.NOTICES + 1).last().asString().contains("\"result\"");
    }

    @Test
    void noticesLeaveRoomForTheAnswerHoweverLargeTheyAre() {
        channel.notice(text(MEBIBYTE / 10));
        channel.notice(text(2 * MEBIBYTE - MEBIBYTE / 5));
        channel.notice(text(3 * MEBIBYTE));
        channel.finish(RpcAnswer.result(JsonNodeFactory.instance.numberNode(1), object()));

        assertThat(all()).hasSize(3).last().asString().contains("\"result\"");
    }

    @Test
    void oneLargeAnswerPassesHoweverLargeItIs() {
        channel.open();
        var result = object().put("text", "x".repeat(6 * MEBIBYTE));
        channel.finish(RpcAnswer.result(JsonNodeFactory.instance.numberNode(1), result));

        assertThat(all().getLast()).hasSizeGreaterThan(6 * MEBIBYTE);
    }

    private List<String> all() {
        return frames().map(String::new).collectList().blockOptional().orElseThrow();
    }

    private Flux<byte[]> frames() {
        return ((Channel.Opening.Stream) channel.opening().blockOptional().orElseThrow()).frames();
    }

    private static JsonNode text(int size) {
        return object().put("text", "x".repeat(size));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
