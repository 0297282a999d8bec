package io.sallyport.samples.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A script as JSON: <code>{"models": {NAME: {"rounds": [ROUND, …]}}}</code>. See the records for a
 * round's members; unknown ones are refused.
 */
record ScriptFile(@JsonProperty("models") @Nullable Map<String, ModelEntry> models) {

    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .enable(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    record ModelEntry(@JsonProperty("rounds") @Nullable List<RoundEntry> rounds) {

        private List<Round> toRounds() {
            if (rounds == null || rounds.isEmpty()) {
                throw new IllegalArgumentException("each model needs rounds");
            }
            return rounds.stream().map(RoundEntry::toRound).toList();
        }
    }

    record RoundEntry(
            @JsonProperty("text") @Nullable String text,
            @JsonProperty("tool_calls") @Nullable List<CallEntry> toolCalls,
            @JsonProperty("finish_reason") @Nullable String finishReason,
            @JsonProperty("usage") @Nullable UsageEntry usage,
            @JsonProperty("piece_length") @Nullable Integer pieceLength,
            @JsonProperty("pause_ms") @Nullable Integer pauseMillis,
            @JsonProperty("cut_after") @Nullable Integer cutAfter,
            @JsonProperty("error_status") @Nullable Integer errorStatus) {

        private Round toRound() {
            if (errorStatus != null) {
                return Round.fails(errorStatus);
            }
            var calls =
                    toolCalls == null
                            ? List.<Call>of()
                            : toolCalls.stream().map(CallEntry::toCall).toList();
            return new Round(
                    text == null ? "" : text,
                    calls,
                    finishReason == null ? usualFinish(calls) : finishReason,
                    Optional.ofNullable(usage).map(UsageEntry::toUsage),
                    delivery(),
                    0);
        }

        private static String usualFinish(List<Call> calls) {
            return calls.isEmpty() ? "stop" : "tool_calls";
        }

        private Delivery delivery() {
            return new Delivery(
                    pieceLength == null ? Delivery.PROMPT.pieceLength() : pieceLength,
                    pauseMillis == null ? Duration.ZERO : Duration.ofMillis(pauseMillis),
                    cutAfter == null ? 0 : cutAfter);
        }
    }

    /** {@code arguments} is an object, or a string that is sent as it is. */
    record CallEntry(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("arguments") @Nullable JsonNode arguments) {

        private Call toCall() {
            if (name == null || arguments == null) {
                throw new IllegalArgumentException("each call needs name and arguments");
            }
            return new Call(
                    name, arguments.isString() ? arguments.stringValue() : arguments.toString());
        }
    }

    record UsageEntry(
            @JsonProperty("prompt_tokens") int prompt,
            @JsonProperty("completion_tokens") int completion) {

        private Usage toUsage() {
            return new Usage(prompt, completion);
        }
    }

    /**
     * Reads a whole file.
     *
     * @throws MalformedScript with a position, if the file is not a script
     */
    static Script read(byte[] utf8) throws MalformedScript {
        try {
            return STRICT.readValue(utf8, ScriptFile.class).toScript();
        } catch (JacksonException malformed) {
            var at = malformed.getLocation();
            throw new MalformedScript(
                    "not a script, see line %d, column %d"
                            .formatted(at.getLineNr(), at.getColumnNr()));
        } catch (IllegalArgumentException senseless) {
            throw new MalformedScript(String.valueOf(senseless.getMessage()));
        }
    }

    private Script toScript() {
        if (models == null) {
            throw new IllegalArgumentException("a script needs models");
        }
        return Script.named(
                models.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, entry -> entry.getValue().toRounds())));
    }
}
