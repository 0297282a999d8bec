package io.sallyport.servers;

import io.sallyport.bridge.CaBundle;
import io.sallyport.bridge.EgressLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one tenant may have under way at one MCP server or model provider, counted for each host.
 *
 * @param connections open at the same time, default 1024: a thousand streams to one provider
 * @param waiting requests that wait for one of them, default 1024; the next one is refused as
 *     {@code rate_limited}
 * @param patientConnections open for minutes, for requests that wait for a person and for sessions
 *     that listen; default 1600
 * @param caBundle file of certificates, in PEM, that vouch for servers and providers beside those
 *     of the JDK; none by default
 */
@ConfigurationProperties("sallyport.egress")
record EgressProperties(
        @DefaultValue("" + EgressLimits.CONNECTIONS) int connections,
        @DefaultValue("" + EgressLimits.WAITING) int waiting,
        @DefaultValue("" + EgressLimits.PATIENT) int patientConnections,
        @Nullable Path caBundle) {
    /** Each is a socket, and there are 65 535 ports to one address. */
    private static final int MOST = 50_000;

    EgressProperties {
        within(connections, 1, "connections");
        within(waiting, 0, "waiting");
        within(patientConnections, 1, "patient-connections");
        var _ = authorities(caBundle);
    }

    private static void within(int value, int least, String key) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    "sallyport.egress." + key + " must be between " + least + " and " + MOST);
        }
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
