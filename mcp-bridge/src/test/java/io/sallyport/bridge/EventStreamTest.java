package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.egress.EgressFailure;
import io.sallyport.threads.Await;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

@Timeout(20)
class EventStreamTest {
    private static final int ROOMY = 1_000;

    @Test
    void readsTypeAndTextOfAnEvent() throws Exception {
        assertThat(read("event: ping\ndata: one\ndata: two\n\n"))
                .containsExactly(event("ping", "one\ntwo"));
    }

    @Test
    void namesAnEventMessageUnlessTheStreamNamesIt() throws Exception {
        assertThat(read("data:x\n\nevent:\ndata:y\n\n"))
                .containsExactly(event("message", "x"), event("message", "y"));
    }

    @Test
    void forgetsTheTypeAfterEachEvent() throws Exception {
        assertThat(read("event: a\ndata: 1\n\ndata: 2\n\n"))
                .containsExactly(event("a", "1"), event("message", "2"));
    }

    @Test
    void removesOneSpaceAfterTheColonAndNoMore() throws Exception {
        assertThat(read("data:  x \n\n")).containsExactly(event("message", " x "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void takesEveryLineEnd(String end) throws Exception {
        var text = String.join(end, "event: a", "data: 1", "data: 2", "", "data: 3", "", "");
        assertThat(read(text)).containsExactly(event("a", "1\n2"), event("message", "3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void readsTheSameHoweverTheStreamIsCut(String end) throws Exception {
        var text =
                String.join(
                        end, "\ufeffid: 7", "data: grüße 🙂", "data", "", ":c", "data:z", "", "");
        var whole = read(text);
        for (int size = 1; size < text.length(); size++) {
            assertThat(read(pieces(text.getBytes(UTF_8), size), ROOMY)).isEqualTo(whole);
        }
        assertThat(whole).extracting(ServerEvent::data).containsExactly("grüße 🙂\n", "z");
    }

    @Test
    void dropsOneByteOrderMarkAtTheStartOnly() throws Exception {
        assertThat(read("\ufeffdata: \ufeffx\n\n\ufeffdata: y\n\n"))
                .containsExactly(event("message", "\ufeffx"));
    }

    @Test
    void ignoresCommentsAndUnknownFields() throws Exception {
        assertThat(read(": hello\n:\nfoo: bar\nDATA: no\ndata: x\n: mid\n\n"))
                .containsExactly(event("message", "x"));
    }

    @Test
    void makesNoEventWithoutText() throws Exception {
        assertThat(read("event: ping\n\n\n\nid: 1\n\n")).isEmpty();
    }

    @Test
    void makesAnEventOfEmptyText() throws Exception {
        assertThat(read("data\n\n")).containsExactly(event("message", ""));
    }

    /** A7: the blank line is missing; a broken body gives nothing of its last event. */
    @ParameterizedTest
    @ValueSource(strings = {"data: y", "data: y\n", "event: message\r\ndata: y\r\n", "data:y\r"})
    void takesTheEventThatTheEndOfAWholeBodyCutsOff(String last) throws Exception {
        assertThat(read("data: x\n\n" + last))
                .containsExactly(event("message", "x"), event("message", "y"));
    }

    @Test
    void asksForNothingBehindAnEventThatMayHaveBeenCut() throws Exception {
        assertThat(read("id: 1\ndata: a\n\nid: 2\ndata: b\n"))
                .extracting(ServerEvent::id)
                .containsExactly(Optional.of("1"), Optional.of("1"));
    }

    @Test
    void keepsTheLastIdUntilAnotherComes() throws Exception {
        assertThat(read("id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\n"))
                .extracting(ServerEvent::id)
                .containsExactly(
                        Optional.of("1"), Optional.of("1"), Optional.of("2"), Optional.empty());
    }

    @Test
    void ignoresAnIdWithANulCharacter() throws Exception {
        assertThat(read("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"))
                .extracting(ServerEvent::id)
                .containsExactly(Optional.of("1"), Optional.of("1"));
    }

    @Test
    void tellsARetryTimeOnce() throws Exception {
        assertThat(read("retry: 250\ndata: a\n\ndata: b\n\nretry: soon\nretry: -1\ndata: c\n\n"))
                .extracting(ServerEvent::retry)
                .containsExactly(OptionalLong.of(250), OptionalLong.empty(), OptionalLong.empty());
    }

    @Test
    void takesALineAsLongAsPermitted() throws Exception {
        assertThat(read(List.of("data:12345\n\n".getBytes(UTF_8)), 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data:123456\n\n", "data:1234567", ":1234567890\n", "0123456789012345"})
    void refusesALineThatIsTooLong(String text) {
        assertRefused(text.getBytes(UTF_8), 10);
    }

    @Test
    void refusesAnEventThatIsTooLongInManyLines() {
        var text = "data:1234\n".repeat(10) + "\n";
        assertRefused(text.getBytes(UTF_8), 20);
        assertRefused("data\n".repeat(100).getBytes(UTF_8), 20);
    }

    @Test
    void countsAnEventInBytesAndNotInCharacters() {
        var text = "data:€€€€\n".repeat(2) + "\n";
        assertRefused(text.getBytes(UTF_8), 20);
    }

    /** B8: one bad character costs that character. */
    @Test
    void putsAReplacementForWhatIsNotUtf8AndSaysSo() throws Exception {
        byte[] overlong = {(byte) 0xc0, (byte) 0xaf};
        byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
        byte[] half = {(byte) 0xe2, (byte) 0x82};
        for (var bytes : List.of(overlong, surrogate, half)) {
            var stream = new ByteArrayOutputStream();
            stream.writeBytes("data:a".getBytes(UTF_8));
            stream.writeBytes(bytes);
            stream.writeBytes("z\n\ndata:\ufffd\n\n".getBytes(UTF_8));
            var events = read(pieces(stream.toByteArray(), 3), ROOMY);
            assertThat(events.getFirst().data()).matches("a\ufffd+z");
            assertThat(events).extracting(ServerEvent::mended).containsExactly(true, false);
        }
    }

    @Test
    void passesOnHowTheBodyBroke() {
        var broken = new EgressFailure.Broken("test");
        var body = Flux.concat(Flux.just("data: x\n".getBytes(UTF_8)), Flux.error(broken));
        assertThatThrownBy(() -> Await.one(EventStream.read(body, ROOMY).collectList()))
                .isSameAs(broken);
    }

    @Test
    void saysNothingOfAnEventInLogs() throws Exception {
        assertThat(read("id: secret\ndata: secret\n\n").getFirst().toString())
                .doesNotContain("secret");
    }

    private static void assertRefused(byte[] bytes, int max) {
        assertThatThrownBy(() -> read(pieces(bytes, 3), max)).isInstanceOf(EventStreamFault.class);
    }

    private static List<ServerEvent> read(String text) throws InterruptedException {
        return read(List.of(text.getBytes(UTF_8)), ROOMY);
    }

    private static List<ServerEvent> read(List<byte[]> body, int max) throws InterruptedException {
        return Await.one(EventStream.read(Flux.fromIterable(body), max).collectList());
    }

    private static List<byte[]> pieces(byte[] bytes, int size) {
        var pieces = new ArrayList<byte[]>();
        for (int start = 0; start < bytes.length; start += size) {
            pieces.add(
                    java.util.Arrays.copyOfRange(
                            bytes, start, Math.min(start + size, bytes.length)));
        }
        return pieces;
    }

    private static ServerEvent event(String type, String text) {
        return new ServerEvent(Optional.empty(), type, text, OptionalLong.empty(), false);
    }
}
