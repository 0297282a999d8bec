package io.sallyport.servers;

import io.sallyport.catalog.ToolNaming;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tools are shown to models and clients.
 *
 * @param aliasLength characters of the longest alias, 32 to 64; default 46, to which clients add
 *     their own prefix. A change renames, at each server's next listing, tools whose names are
 *     longer than it allows or fit now
 */
@ConfigurationProperties("sallyport.tools")
record ToolProperties(@DefaultValue("" + ToolNaming.DEFAULT_LENGTH) int aliasLength) {
    ToolProperties {
        if (aliasLength < ToolNaming.LEAST_LENGTH || aliasLength > ToolNaming.MOST_LENGTH) {
            throw new IllegalArgumentException(
                    "sallyport.tools.alias-length must be between "
                            + ToolNaming.LEAST_LENGTH
                            + " and "
                            + ToolNaming.MOST_LENGTH);
        }
    }

    ToolNaming naming() {
        return new ToolNaming(aliasLength);
    }
}
