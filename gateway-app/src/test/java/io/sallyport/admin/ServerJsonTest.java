package io.sallyport.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.Era;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerProfile;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.ExampleCatalog;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** H9: what a server says of itself hides nothing from the admin who reads it. */
class ServerJsonTest {
    @Test
    void capabilitiesAreShownWithWhatTheyHide() {
        var said = AdminAnswer.JSON.objectNode();
        said.putObject("tools").put("list\u202eChanged", "y\u200bes");
        said.putObject("experimental").putArray("a").add("\u0336b").add("plain");
        var profile =
                new ServerProfile(
                        Era.MODERN, said, Optional.empty(), AdminAnswer.JSON.objectNode());
        var server = ExampleCatalog.server(new TenantId("acme"), "u1").with(profile);

        var shown = ServerJson.whole(server, ServerCatalog.EMPTY).path("capabilities");

        assertThat(shown.at("/tools/list\\u202eChanged").asString()).isEqualTo("y\\u200bes");
        assertThat(shown.at("/experimental/a/0").asString()).isEqualTo("\\u0336b");
        assertThat(shown.at("/experimental/a/1").asString()).isEqualTo("plain");
    }
}
