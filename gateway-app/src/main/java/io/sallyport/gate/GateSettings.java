package io.sallyport.gate;

import io.sallyport.settings.Within;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the gate lets through at the same time.
 *
 * @param callsPerServer calls of one tenant that may be under way at one MCP server, waiting for
 *     its lists included; the next one is refused as {@code rate_limited}. Each holds its arguments
 *     and its answer of at most 4 MiB in memory
 */
@Validated
@ConfigurationProperties("sallyport.gate")
public record GateSettings(
        @DefaultValue("" + Circuits.CONCURRENT_CALLS) @Within(min = "1", max = "100000")
                int callsPerServer) {}
