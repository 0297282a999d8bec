package io.sallyport.servers;

import io.sallyport.catalog.ToolNaming;
import io.sallyport.settings.Within;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How tools are shown to models and clients.
 *
 * @param aliasLength characters of the longest alias of a tool; clients put a prefix like {@code
 *     mcp__sallyport__} before it and stop at 64. A change renames, at each server's next listing,
 *     tools whose names are longer than it allows or fit now
 */
@Validated
@ConfigurationProperties("sallyport.tools")
record ToolProperties(
        @DefaultValue("" + ToolNaming.DEFAULT_LENGTH)
                @Within(min = "" + ToolNaming.LEAST_LENGTH, max = "" + ToolNaming.MOST_LENGTH)
                int aliasLength) {
    ToolNaming naming() {
        return new ToolNaming(aliasLength);
    }
}
