package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.FaultyProgram.Fault;
import io.sallyport.bridge.LaunchProfile;
import io.sallyport.cli.Gateway;
import io.sallyport.servers.Launch;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.servers.LaunchProfiles.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** B1, of servers that are programs: what they do to a call is told as it was, on both faces. */
@Timeout(300)
class ProgramOutcomesTest {
    private final Scratch scratch = Scratch.make();
    private LogLines log;
    private Gateway gateway;

    @BeforeEach
    void start() throws InterruptedException {
        var options =
                new Gateway.Options(
                        true, 0, scratch.path().resolve("data"), Optional.empty(), profiles());
        gateway = Gateway.start(options);
        log = LogLines.begin(); // a start sets the levels anew
    }

    private LaunchProfiles profiles() {
        var permitted =
                new Reading.Read(
                        Stream.of(Fault.values())
                                .collect(Collectors.toMap(Fault::profile, this::permitted)));
        return new LaunchProfiles.OfFile(permitted, () -> permitted);
    }

    private Launch permitted(Fault fault) {
        return new Launch.Permitted(
                new LaunchProfile(FaultyProgram.argv(fault), folder(fault), Map.of()));
    }

    private Path folder(Fault fault) {
        try {
            return Files.createDirectories(scratch.path().resolve(fault.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        log.close();
        gateway.close();
        scratch.delete();
    }

    @Test
    void everyFaultOfAProgramTellsOneStoryAndThePageHasIt() throws IOException {
        var rows =
                Stream.of(Fault.values())
                        .parallel()
                        .map(it -> story(it).row(it))
                        .collect(Collectors.joining("\n"));

        OutcomeStory.assertOnPage(rows);
    }

    private OutcomeStory story(Fault fault) {
        var keys = gateway.devKeys().orElseThrow();
        var tenant = TenantDesk.create(new Http(gateway.url()), keys.admin(), fault.profile());
        LaunchWorld.serve(tenant, "u1", fault.profile(), "");
        tenant.allow("u1/*");
        tenant.toolset("all", "u1/*");
        var mcp = McpSession.open(tenant.http(), tenant.agent());

        var text = OutcomeStory.text(mcp.result("u1__wipe", "{}"));
        var first = OutcomeStory.newest(tenant, log, text);
        assertThat(calls(fault)).isEqualTo(1);
        var heard = OutcomeStory.askedByModel(tenant, "u1__wipe");

        assertThat(heard).isEqualTo("Error: " + text);
        assertThat(OutcomeStory.newest(tenant, log, text)).as(fault.name()).isEqualTo(first);
        assertThat(tenant.audit("kind=call.outcome")).hasSize(2);
        assertThat(calls(fault)).isEqualTo(2);
        return first;
    }

    private long calls(Fault fault) {
        try {
            return FaultyProgram.calls(folder(fault));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
