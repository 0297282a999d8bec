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

    /** Asked before anything is made: what cannot start leaves no folder behind. */
    static void require(boolean dev) {
        if (given().isEmpty() && !dev) {
            throw new StartFailure(
                    VARIABLE
                            + " is required outside --dev: 64 hex digits, kept apart from the data");
        }
    }

    static byte[] find(GatewayFolder folder, boolean dev) {
        require(dev);
        return given().orElseGet(() -> fromFile(folder));
    }

    private static Optional<byte[]> given() {
        return Optional.ofNullable(System.getenv(VARIABLE)).map(it -> parse(it.strip(), VARIABLE));
    }

    /** The key where it is at hand: from the environment, or the one that dev mode made. */
    static Optional<byte[]> existing(Path data) {
        var folder = GatewayFolder.existing(data);
        return given().or(() ->
                Files.exists(folder.resolve(FILE))
                        ? Optional.of(fromFile(folder))
                        : Optional.empty());
    }

    private static byte[] fromFile(GatewayFolder folder) {
        var file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                requireUnused(folder);
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

    /** A new key would open nothing that is there. */
    private static void requireUnused(GatewayFolder folder) {
        if (folder.isUsed()) {
            throw new StartFailure(
                    VARIABLE + " is missing: the data folder was made with it, and has no " + FILE);
        }
    }

    private static byte[] parse(String hex, String where) {
        if (!hex.matches("[0-9a-fA-F]{64}")) {
            throw new StartFailure(where + " must hold 64 hex digits");
        }
        return HexFormat.of().parseHex(hex);
    }
}
