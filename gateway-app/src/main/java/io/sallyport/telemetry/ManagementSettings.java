package io.sallyport.telemetry;

import io.sallyport.settings.Within;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The port for operators, on 127.0.0.1: health and metrics, and nothing else.
 *
 * @param port of {@code /livez}, {@code /readyz} and {@code /metrics}; {@code 0} is any free one,
 *     so that two gateways never want the same, and the start tells which. Name one for a scraper
 */
@Validated
@ConfigurationProperties("sallyport.management")
record ManagementSettings(@DefaultValue("0") @Within(min = "0", max = "65535") int port) {}
