package io.sallyport.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that holds everything one gateway keeps. It belongs to the one who runs the gateway,
 * and nobody else can look into it.
 */
public final class GatewayFolder {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayFolder.class);

    private final Path root;

    private GatewayFolder(Path root) {
        this.root = root;
    }

    /**
     * Opens the folder, and makes it if it is missing. What is open to others in it is closed to
     * them, with one line in the log.
     *
     * @throws StartFailure if it cannot be made or written, or belongs to another user
     */
    public static GatewayFolder open(Path path) {
        var root = path.toAbsolutePath().normalize();
        try {
            OwnerOnly.make(root);
            refuseForeign(root, path);
            var closed = OwnerOnly.tighten(root);
            if (closed > 0) {
                LOG.warn("the data folder was open to others; it no longer is ({} modes)", closed);
            }
            return new GatewayFolder(root);
        } catch (IOException e) {
            var why =
                    fileInPlaceOf(root)
                            .map(it -> " cannot be made: " + it + " is a file")
                            .orElse(" is not writable");
            throw new StartFailure("the data folder " + path + why, e);
        }
    }

    private static Optional<Path> fileInPlaceOf(Path folder) {
        return Stream.iterate(folder, Objects::nonNull, Path::getParent)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Whoever owns the folder could open it again, and replace what is in it. */
    private static void refuseForeign(Path root, Path path) throws IOException {
        var probe = Files.createTempFile(root, ".writable", "");
        try {
            var owner = Files.getOwner(root);
            if (!owner.equals(Files.getOwner(probe))) {
                throw new StartFailure(
                        "the data folder "
                                + path
                                + " belongs to another user ("
                                + owner.getName()
                                + "); it must belong to the one who runs the gateway");
            }
        } finally {
            Files.delete(probe);
        }
    }

    /** The folder as it is, to be read: nothing is made, written or tried. */
    public static GatewayFolder existing(Path path) {
        return new GatewayFolder(path.toAbsolutePath().normalize());
    }

    /** Whether a gateway has kept its records here. */
    public boolean isUsed() {
        return Files.exists(resolve(CheckpointSigner.KEY_FILE));
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
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            OwnerOnly.file(root));
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

    private static void write(Path draft, byte[] content) throws IOException {
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content));
            channel.force(true);
        }
    }

    /** Writes a secret for the owner only (mode 0600), atomically. */
    public void writeSecret(String name, byte[] content) {
        var target = resolve(name);
        try {
            var draft = Files.createTempFile(root, name, ".new", OwnerOnly.file(root));
            try {
                write(draft, content);
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft); // there only if that failed
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + name + " into the data folder", e);
        }
    }
}
