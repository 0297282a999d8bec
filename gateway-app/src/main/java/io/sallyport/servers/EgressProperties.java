package io.sallyport.servers;

import io.sallyport.bridge.EgressLimits;
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
 */
@ConfigurationProperties("sallyport.egress")
record EgressProperties(
        @DefaultValue("" + EgressLimits.CONNECTIONS) int connections,
        @DefaultValue("" + EgressLimits.WAITING) int waiting,
        @DefaultValue("" + EgressLimits.PATIENT) int patientConnections) {
    /** Each is a socket, and there are 65 535 ports to one address. */
    private static final int MOST = 50_000;

    EgressProperties {
        within(connections, 1, "connections");
        within(waiting, 0, "waiting");
        within(patientConnections, 1, "patient-connections");
    }

    private static void within(int value, int least, String key) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    "sallyport.egress." + key + " must be between " + least + " and " + MOST);
        }
    }

    EgressLimits limits() {
        return new EgressLimits(connections, waiting, patientConnections);
    }
}
