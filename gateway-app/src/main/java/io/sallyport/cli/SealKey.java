package io.sallyport.cli;

import io.sallyport.store.GatewayFolder;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key that seals secrets at rest: from the environment, or, in dev mode only, from the folder.
 */
final class SealKey {
    private static final String VARIABLE = "SALLYPORT_SEAL_KEY";
    private static final String FILE = "seal.key";

    private SealKey() {}

    static byte[] find(GatewayFolder folder, boolean dev) {
        var given = System.getenv(VARIABLE);
        if (given != null) {
            return parse(given.strip(), VARIABLE);
        }
        if (!dev) {
            throw new StartFailure(
                    VARIABLE
                            + " is required outside --dev: 64 hex digits, kept apart from the data");
        }
        return fromFile(folder);
    }

    /** The key where it is at hand: from the environment, or the one that dev mode made. */
    static Optional<byte[]> existing(Path data) {
        var given = System.getenv(VARIABLE);
        if (given != null) {
            return Optional.of(parse(given.strip(), VARIABLE));
        }
        var folder = GatewayFolder.existing(data);
        return Files.exists(folder.resolve(FILE))
                ? Optional.of(fromFile(folder))
                : Optional.empty();
    }

    private static byte[] fromFile(GatewayFolder folder) {
        var file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                var key = new byte[32];
                new SecureRandom().nextBytes(key);
                folder.writeSecret(
                        FILE, HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII));
            }
            return parse(Files.readString(file).strip(), FILE);
        } catch (IOException e) {
            throw new StartFailure("the seal key in the data folder cannot be read", e);
        }
    }

    private static byte[] parse(String hex, String where) {
        if (!hex.matches("[0-9a-fA-F]{64}")) {
            throw new StartFailure(where + " must hold 64 hex digits");
        }
        return HexFormat.of().parseHex(hex);
    }
}
