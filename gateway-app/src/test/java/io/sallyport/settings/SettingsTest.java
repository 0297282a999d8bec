package io.sallyport.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.sallyport.edge.HttpSettings;
import io.sallyport.gate.GateSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

class SettingsTest {
    private @TempDir Path folder;

    /** Nothing but settings. */
    @EnableConfigurationProperties({HttpSettings.class, GateSettings.class})
    @Import(SettingsConfiguration.class)
    static class Program {}

    @Test
    void aFileSetsWhatItNamesAndNothingElse() throws IOException {
        try (var program = start("sallyport.http.head-timeout: 3s\nsallyport.http.hosts: [a, b]")) {
            var http = program.getBean(HttpSettings.class);

            assertThat(http.headTimeout()).isEqualTo(Duration.ofSeconds(3));
            assertThat(http.hosts()).containsExactlyInAnyOrder("a", "b");
            assertThat(http.bodyTimeout()).isEqualTo(Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    sallyport.http.max-unread: 0            | sallyport.http.max-unread must be between 1 and 100000 (line 1 of gateway.yaml)
                    sallyport.http.max-unread: secret       | sallyport.http.max-unread must be a whole number (line 1 of gateway.yaml)
                    sallyport.http.head-timeout: 0s         | sallyport.http.head-timeout must be between 1s and 5m (line 1 of gateway.yaml)
                    sallyport.http.head-timeout: soon       | sallyport.http.head-timeout must be a time such as 30s or 5m (line 1 of gateway.yaml)
                    sallyport.http.max-headers: 2MB         | sallyport.http.max-headers must be between 1KB and 1MB (line 1 of gateway.yaml)
                    sallyport.http.max-headers: 2XB         | sallyport.http.max-headers must be a size such as 8KB or 1MB (line 1 of gateway.yaml)
                    sallyport.http.hosts: ''                | sallyport.http.hosts must not be empty (line 1 of gateway.yaml)
                    sallyport.http.public-url: https://a/b  | sallyport.http.public-url must be like https://gateway.example, without a path (line 1 of gateway.yaml)
                    sallyport.http.origins: [a]             | sallyport.http.origins must be like https://gateway.example, without a path
                    sallyport.gate.calls-per-server: 100001 | sallyport.gate.calls-per-server must be between 1 and 100000 (line 1 of gateway.yaml)
                    sallyport.http.max-unraed: 5            | sallyport.http.max-unraed is no setting (line 1 of gateway.yaml); the closest is sallyport.http.max-unread
                    sallyport.gates.calls-per-server: 5     | sallyport.gates.calls-per-server is no setting (line 1 of gateway.yaml); the closest is sallyport.gate.calls-per-server
                    """)
    void aWrongSettingIsOneSentenceThatNamesKeyRuleAndPlace(String line, String sentence) {
        var failure = catchRuntimeException(() -> start(line).close());

        assertThat(WrongSetting.behind(failure))
                .get()
                .extracting(WrongSetting::getMessage)
                .isEqualTo(sentence);
    }

    @Test
    void allThatIsWrongInOneGroupIsSaidAtOnce() {
        var failure =
                catchRuntimeException(() ->
                        start("sallyport.http:\n  max-unread: 0\n  idle-timeout: 0s\n").close());

        assertThat(WrongSetting.behind(failure))
                .get()
                .extracting(WrongSetting::getMessage)
                .isEqualTo(
                        "sallyport.http.idle-timeout must be between 1s and 1h (line 3 of"
                                + " gateway.yaml); sallyport.http.max-unread must be between 1"
                                + " and 100000 (line 2 of gateway.yaml)");
    }

    @Test
    void aPropertyOfTheJvmIsNamedAsOne() {
        System.setProperty("sallyport.gate.calls-per-sever", "5");
        try {
            assertThat(WrongSetting.behind(catchRuntimeException(() -> start("").close())))
                    .get()
                    .extracting(WrongSetting::getMessage)
                    .isEqualTo(
                            "sallyport.gate.calls-per-sever is no setting (of the JVM); the closest"
                                    + " is sallyport.gate.calls-per-server");
        } finally {
            System.clearProperty("sallyport.gate.calls-per-sever");
        }
    }

    private ConfigurableApplicationContext start(String text) throws IOException {
        var file = Files.writeString(folder.resolve("gateway.yaml"), text);
        var application = new SpringApplication(Program.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        return application.run(
                "--spring.main.banner-mode=off",
                "--spring.config.location=optional:classpath:/none.yaml",
                "--spring.config.additional-location=" + file.toUri());
    }
}
