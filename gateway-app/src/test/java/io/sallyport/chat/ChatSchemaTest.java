package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChatSchemaTest {
    private static final String COMPLETION =
            """
            {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
             "message":{"role":"assistant","content":"Hi","refusal":null},
             "logprobs":null,"finish_reason":"stop"}]}\
            """;

    @Test
    void acceptsACompletion() {
        assertThat(ChatSchema.COMPLETION.violations(COMPLETION)).isEmpty();
    }

    @Test
    void acceptsOurMemberBesideTheChoices() {
        var ours = COMPLETION.replaceFirst("\\{", "{\"x_sallyport\":{\"run_id\":\"r\"},");
        assertThat(ChatSchema.COMPLETION.violations(ours)).isEmpty();
    }

    @Test
    void bitesOnUnknownMembersAtEveryLevel() {
        assertThat(ChatSchema.COMPLETION.violations(COMPLETION.replaceFirst("\\{", "{\"x\":1,")))
                .isNotEmpty();
        assertThat(
                        ChatSchema.COMPLETION.violations(
                                COMPLETION.replace("\"refusal\"", "\"x\":1,\"refusal\"")))
                .isNotEmpty();
    }

    @Test
    void bitesOnMissingMembersAndUnknownReasons() {
        assertThat(ChatSchema.COMPLETION.violations(COMPLETION.replace("\"id\":\"c\",", "")))
                .isNotEmpty();
        assertThat(ChatSchema.COMPLETION.violations(COMPLETION.replace("stop", "eos")))
                .isNotEmpty();
    }

    @Test
    void bitesOnAnErrorWithoutAllFourMembers() {
        var error = "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null}}";
        assertThat(ChatSchema.ERROR.violations(error)).isEmpty();
        assertThat(ChatSchema.ERROR.violations(error.replace(",\"param\":null", ""))).isNotEmpty();
    }
}
