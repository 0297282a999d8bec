package io.sallyport.cli;

import io.sallyport.store.GatewayFolder;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The name of this gateway in the log: random, made once, kept in the data folder. */
final class NodeName {
    private static final String FILE = "node";

    private NodeName() {}

    static String of(GatewayFolder folder) {
        var file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                var bytes = new byte[4];
                new SecureRandom().nextBytes(bytes);
                var name = "n" + HexFormat.of().formatHex(bytes);
                folder.writeSecret(FILE, name.getBytes(StandardCharsets.US_ASCII));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StartFailure("the node's name in the data folder cannot be read", e);
        }
    }
}
