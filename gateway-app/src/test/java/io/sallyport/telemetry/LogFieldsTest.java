package io.sallyport.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.json.JsonMapper;

class LogFieldsTest {
    private static String written(KeyValuePair... fields) {
        var logger = new LoggerContext().getLogger("test");
        var event = new LoggingEvent("", logger, Level.INFO, "said", null, null);
        event.setKeyValuePairs(List.of(fields));
        return new LogFields().convert(event);
    }

    @Test
    void fieldsStandBehindTheMessage() {
        assertThat(written(new KeyValuePair("tenant", "acme"), new KeyValuePair("status", 200)))
                .isEqualTo(" tenant=\"acme\" status=\"200\"");
        assertThat(new LogFields().convert(new LoggingEvent())).isEmpty();
    }

    /** The value reads back as a JSON string, and nothing else of the line is the peer's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html lang=\"en\">",
                "ok\" status=ok record=\"n1",
                "back\\",
                "\\\" decision=allow",
                "two\nlines\r\u0000\u0085",
                "it's fine"
            })
    void noValueEndsItsField(String said) {
        var line = written(new KeyValuePair("peer_text", said), new KeyValuePair("end", "1"));

        var value = line.substring(" peer_text=".length(), line.length() - " end=\"1\"".length());
        assertThat(JsonMapper.shared().readTree(value).asString()).isEqualTo(said);
        assertThat(line).endsWith(" end=\"1\"").doesNotContain("\n", "\r");
    }
}
