package io.sallyport.servers;

import io.sallyport.egress.CaBundle;
import io.sallyport.egress.EgressLimits;
import io.sallyport.settings.Within;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What one tenant may have under way at one MCP server or model provider, counted for each host,
 * and whom the gateway trusts.
 *
 * @param connections open at the same time to one host; a streamed answer holds one until it ends.
 *     The process needs a file descriptor for each
 * @param waiting requests that wait for one of them; the next one is refused as {@code
 *     rate_limited}
 * @param patientConnections open for minutes, for requests that wait for a person and for sessions
 *     that listen
 * @param caBundle file of certificates, in PEM, of at most 1 MiB, that vouch for servers and
 *     providers beside those of the JDK; read at the start
 */
@Validated
@ConfigurationProperties("sallyport.egress")
record EgressProperties(
        @DefaultValue("" + EgressLimits.CONNECTIONS) @Within(min = "1", max = MOST) int connections,
        @DefaultValue("" + EgressLimits.WAITING) @Within(min = "0", max = MOST) int waiting,
        @DefaultValue("" + EgressLimits.PATIENT) @Within(min = "1", max = MOST)
                int patientConnections,
        @Nullable Path caBundle) {
    /** Each is a socket, and there are 65 535 ports to one address. */
    private static final String MOST = "50000";

    EgressProperties {
        var _ = authorities(caBundle);
    }

    /** What {@code caBundle} holds; read again at each call. */
    Optional<CaBundle> authorities() {
        return authorities(caBundle);
    }

    private static Optional<CaBundle> authorities(@Nullable Path file) {
        return Optional.ofNullable(file).map(EgressProperties::bundle);
    }

    private static CaBundle bundle(Path file) {
        return switch (CaBundle.read(text(file))) {
            case CaBundle.Reading.Accepted(var bundle) -> bundle;
            case CaBundle.Reading.Refused(var complaint) ->
                    throw new IllegalArgumentException(
                            "sallyport.egress.ca-bundle: " + file + " " + complaint);
        };
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            throw new IllegalArgumentException(
                    "sallyport.egress.ca-bundle: " + file + " cannot be read");
        }
    }

    EgressLimits limits() {
        return new EgressLimits(connections, waiting, patientConnections);
    }
}
