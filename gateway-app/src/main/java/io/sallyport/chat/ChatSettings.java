package io.sallyport.chat;

import io.sallyport.settings.Within;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How chat runs go, whatever their model. What one run may take is said of its model.
 *
 * @param keepAlive after so much silence a stream says that it lives while its tools run; under
 *     every proxy's and client's idle limit that we know of
 * @param parallelCalls tools that only read and run at once in one run; all others run one after
 *     the other
 */
@Validated
@ConfigurationProperties("sallyport.chat")
record ChatSettings(
        @DefaultValue("10s") @Within(min = "1s", max = "5m") Duration keepAlive,
        @DefaultValue("" + ToolRunner.MAX_PARALLEL) @Within(min = "1", max = "32")
                int parallelCalls) {}
