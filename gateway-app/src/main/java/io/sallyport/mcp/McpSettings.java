package io.sallyport.mcp;

import io.sallyport.settings.Within;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What MCP clients may keep open, and for how long.
 *
 * @param sessions of one principal that are open at once; one more ends the one that was idle
 *     longest
 * @param sessionIdle after which a session that nobody uses ends
 * @param streams of one principal that only listen; the next one is refused
 * @param keepAlive after so much silence an open stream says that it lives; under every proxy's and
 *     client's idle limit that we know of
 * @param clientPatience longest time that a client may take to answer what a server asks it in the
 *     middle of a call
 */
@Validated
@ConfigurationProperties("sallyport.mcp")
record McpSettings(
        @DefaultValue("" + Sessions.MAX_EACH) @Within(min = "1", max = "100000") int sessions,
        @DefaultValue("30m") @Within(min = "10s", max = "1d") Duration sessionIdle,
        @DefaultValue("" + Listeners.MAX_EACH) @Within(min = "1", max = "10000") int streams,
        @DefaultValue("10s") @Within(min = "1s", max = "5m") Duration keepAlive,
        @DefaultValue("5m") @Within(min = "1s", max = "30m") Duration clientPatience) {}
