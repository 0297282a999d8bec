package io.sallyport.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that holds everything one gateway keeps; readable by its owner only. */
public final class GatewayFolder {
    private static final String OWNER_ONLY = "rw-------";

    private final Path root;

    private GatewayFolder(Path root) {
        this.root = root;
    }

    /**
     * Opens the folder, and makes it if it is missing.
     *
     * @throws StartFailure if it cannot be made or written
     */
    public static GatewayFolder open(Path path) {
        var root = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            var probe = Files.createTempFile(root, ".writable", "");
            Files.delete(probe);
            return new GatewayFolder(root);
        } catch (IOException e) {
            throw new StartFailure("the data folder " + path + " is not writable", e);
        }
    }

    public Path root() {
        return root;
    }

    public Path resolve(String name) {
        return root.resolve(name);
    }

    /**
     * Takes the folder for this process until it ends; the lock goes with the process, however that
     * ends.
     */
    public FileLock lock() {
        try {
            var channel =
                    FileChannel.open(
                            resolve("gateway.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                throw inUse();
            }
            return lock;
        } catch (OverlappingFileLockException e) {
            throw inUse();
        } catch (IOException e) {
            throw new StartFailure("the data folder " + root + " cannot be locked", e);
        }
    }

    private StartFailure inUse() {
        return new StartFailure("the data folder " + root + " is in use by another gateway");
    }

    /** Writes a secret for the owner only (mode 0600), atomically. */
    public void writeSecret(String name, byte[] content) {
        var target = resolve(name);
        try {
            var draft = Files.createTempFile(root, name, ".new");
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(OWNER_ONLY));
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(content));
                channel.force(true);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + name + " into the data folder", e);
        }
    }
}
