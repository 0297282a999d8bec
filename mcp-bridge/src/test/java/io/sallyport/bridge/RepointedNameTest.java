package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.Era;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClients;
import io.sallyport.egress.EgressRefusal;
import io.sallyport.egress.EgressSettings;
import io.sallyport.egress.NameLookup;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server's name that is pointed elsewhere after its approval tells no names without an address
 * from addresses that are not permitted: else calls of it would map the network.
 */
class RepointedNameTest {
    private static final Destination SERVER =
            new Destination(
                    "acme/u1", URI.create("https://tools.test/mcp"), EgressTerms.NONE, false);

    private static final NameLookup PRIVATE = _ -> List.of(InetAddress.ofLiteral("10.0.0.1"));

    private static final NameLookup UNKNOWN =
            name -> {
                throw new UnknownHostException(name);
            };

    @ParameterizedTest
    @EnumSource(Era.class)
    void callsAreToldOneThing(Era era) throws InterruptedException {
        var refused = new UpstreamReply.Failed(UpstreamFailure.EGRESS_DENIED, false);

        assertThat(called(PRIVATE, era)).isEqualTo(refused);
        assertThat(called(UNKNOWN, era)).isEqualTo(refused);
    }

    private static UpstreamReply called(NameLookup names, Era era) throws InterruptedException {
        try (var egress = EgressClients.open(EgressSettings.standard().withNames(names));
                var upstream = McpUpstreams.connect(egress, SERVER, List.of(), era)) {
            return Await.one(upstream.call(UpstreamTest.request("{\"name\":\"t\"}")));
        }
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void listingsAreToldOneThing(Era era) {
        for (var names : List.of(PRIVATE, UNKNOWN)) {
            var fault = catchThrowableOfType(UpstreamException.class, () -> probed(names, era));

            assertThat(fault.failure()).isEqualTo(UpstreamFailure.EGRESS_DENIED);
            assertThat(fault.refusal()).isEqualTo(Optional.of(EgressRefusal.ADDRESS));
            assertThat(fault.sent()).isFalse();
        }
    }

    private static ServerGreeting probed(NameLookup names, Era era) throws InterruptedException {
        try (var egress = EgressClients.open(EgressSettings.standard().withNames(names));
                var upstream = McpUpstreams.connect(egress, SERVER, List.of(), era)) {
            return Await.one(upstream.probe());
        }
    }
}
