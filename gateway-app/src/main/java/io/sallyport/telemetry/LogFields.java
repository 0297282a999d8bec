package io.sallyport.telemetry;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * The fields of a log line, {@code key="value"} each. Quotes, backslashes and control characters of
 * a value are escaped as in JSON, so what a peer says never ends its field.
 */
public final class LogFields extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        List<KeyValuePair> fields = event.getKeyValuePairs();
        if (fields == null) {
            return "";
        }
        var text = new StringBuilder();
        for (var field : fields) {
            text.append(' ').append(field.key).append("=\"");
            escape(String.valueOf(field.value), text);
            text.append('"');
        }
        return text.toString();
    }

    private static void escape(String value, StringBuilder text) {
        for (int at = 0; at < value.length(); at++) {
            char unit = value.charAt(at);
            if (unit == '"' || unit == '\\') {
                text.append('\\').append(unit);
            } else if (Character.isISOControl(unit)) {
                text.append("\\u%04x".formatted((int) unit));
            } else {
                text.append(unit);
            }
        }
    }
}
