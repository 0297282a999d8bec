package io.sallyport.gate;

import io.sallyport.settings.Within;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the gateway stops.
 *
 * @param grace for which calls, runs and streams that are under way may go on and end by
 *     themselves; then all of them are ended and recorded. A stop takes at most 10 s longer
 */
@Validated
@ConfigurationProperties("sallyport.stop")
public record StopSettings(
        @DefaultValue(Workers.GRACE_SECONDS + "s") @Within(min = "0s", max = "20s")
                Duration grace) {}
