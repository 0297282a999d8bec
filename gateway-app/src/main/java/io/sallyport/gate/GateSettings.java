package io.sallyport.gate;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the gate lets through at the same time.
 *
 * @param callsPerServer calls of one tenant that may be under way at one MCP server, waiting for
 *     its lists included; default 1024. The next one is refused as {@code rate_limited}
 */
@ConfigurationProperties("sallyport.gate")
public record GateSettings(@DefaultValue("" + Circuits.CONCURRENT_CALLS) int callsPerServer) {
    /** Each call holds its arguments and its answer of at most 4 MiB in memory. */
    private static final int MOST = 100_000;

    public GateSettings {
        if (callsPerServer < 1 || callsPerServer > MOST) {
            throw new IllegalArgumentException(
                    "sallyport.gate.calls-per-server must be between 1 and " + MOST);
        }
    }
}
