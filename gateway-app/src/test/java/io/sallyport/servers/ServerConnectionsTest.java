package io.sallyport.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.LaunchProfile;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressClients;
import io.sallyport.egress.EgressSettings;
import io.sallyport.identity.Caller;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.ExampleCatalog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerConnectionsTest {
    private static final McpServer SERVER = ExampleCatalog.program(new TenantId("acme"), "notes");

    private static final Launch.Permitted REVIEWED = launch("/bin/reviewed");
    private static final Launch.Permitted EDITED = launch("/bin/edited");

    private static Launch.Permitted launch(String program) {
        return new Launch.Permitted(new LaunchProfile(List.of(program), Path.of("/"), Map.of()));
    }

    private static LaunchProfiles.Reading.Read file(Launch launch) {
        return new LaunchProfiles.Reading.Read(Map.of("notes", launch));
    }

    /** By which the gate tells a call that was decided on before: nothing is started here. */
    @Test
    void aConnectionNamesTheProgramThatItLeadsToWhateverTheFileSaysSince() {
        var profiles = new LaunchProfiles.OfFile(file(REVIEWED), () -> file(EDITED));
        try (var egress = EgressClients.open(EgressSettings.standard());
                var connections = connections(egress, profiles)) {
            assertThat(connections.of(SERVER).launch()).isEqualTo(REVIEWED.digest());

            profiles.reload();
            assertThat(connections.of(SERVER).launch()).isEqualTo(REVIEWED.digest());

            connections.end(SERVER); // as a listing does before it starts the edited one
            assertThat(connections.of(SERVER).launch()).isEqualTo(EDITED.digest());
        }
    }

    private static LaunchProfiles.Reading.Read emptyFile() {
        return new LaunchProfiles.Reading.Read(Map.of());
    }

    /** Where nothing runs there is nothing that could run on. */
    @Test
    void aProfileThatIsPutBackIsStartedAtOnce() {
        var files = new ArrayDeque<>(List.of(emptyFile(), file(REVIEWED)));
        var profiles = new LaunchProfiles.OfFile(file(REVIEWED), files::remove);
        try (var egress = EgressClients.open(EgressSettings.standard());
                var connections = connections(egress, profiles)) {
            profiles.reload();
            connections.end(SERVER);
            assertThat(connections.of(SERVER).launch()).isEmpty();
            assertThat(connections.isNotPermitted(SERVER)).isTrue();

            profiles.reload();
            assertThat(connections.of(SERVER).launch()).isEqualTo(REVIEWED.digest());
            assertThat(connections.isNotPermitted(SERVER)).isFalse();
        }
    }

    private static ServerConnections connections(EgressClient egress, LaunchProfiles profiles) {
        var states = new ServerStates(Clock.systemUTC());
        return new ServerConnections(egress, new NoStore(), profiles, true, states);
    }

    /** A program is shown no credential, and nothing is changed here. */
    private static final class NoStore implements ServerStore {
        @Override
        public boolean add(
                McpServer server,
                Optional<Credential> credential,
                ServerCatalog catalog,
                Caller by) {
            return false;
        }

        @Override
        public boolean approve(McpServer server, ServerCatalog catalog, long seen, Caller by) {
            return false;
        }

        @Override
        public boolean change(ServerChange change, McpServer after, Refreshed lists, Caller by) {
            return false;
        }

        @Override
        public boolean refresh(McpServer server, Refreshed refreshed, long seen) {
            return false;
        }

        @Override
        public boolean remove(TenantId tenant, ServerSlug slug, Caller by) {
            return false;
        }

        @Override
        public Optional<Credential> credential(McpServer server) {
            return Optional.empty();
        }
    }
}
