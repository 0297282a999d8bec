package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ServerProfileTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"said\": null}", "{\"said\": \"text\"}", "{\"said\": []}"})
    void whatAServerDoesNotSayIsAnEmptyObject(String answer) {
        var said = JsonMapper.shared().readTree(answer).path("said");

        var profile = new ServerProfile(Era.MODERN, said, Optional.empty(), said);

        assertThat(JsonText.text(profile.capabilities())).isEqualTo("{}");
        assertThat(JsonText.text(profile.serverInfo())).isEqualTo("{}");
    }
}
