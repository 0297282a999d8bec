package io.sallyport.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Keeps a folder to its owner, whatever the umask: folders are made with mode 0700 and files with
 * 0600, and what is open to others is closed. A file system without POSIX permissions is left to
 * its own rules.
 */
final class OwnerOnly {
    private static final Set<PosixFilePermission> FOLDER =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE =
            PosixFilePermissions.fromString("rw-------");

    /** PostgreSQL sets the modes in them itself, and does not start if they are others. */
    private static final Set<String> POSTGRESQL = Set.of("database", "postgresql");

    private OwnerOnly() {}

    /** Makes the folder if it is missing; folders above it get the usual mode. */
    static void make(Path folder) throws IOException {
        var above = folder.getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        try {
            Files.createDirectory(folder, attributes(above == null ? folder : above, FOLDER));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** With what a new file in {@code folder} is made. */
    static FileAttribute<?>[] file(Path folder) throws IOException {
        return attributes(folder, FILE);
    }

    private static FileAttribute<?>[] attributes(Path near, Set<PosixFilePermission> mode)
            throws IOException {
        return isPosix(near)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path near) throws IOException {
        return Files.getFileStore(near).supportsFileAttributeView("posix");
    }

    /** Closes the folder and what is in it to others; returns how much of it was open. */
    static int tighten(Path folder) throws IOException {
        if (!isPosix(folder)) {
            return 0;
        }
        var open = new Tightening(folder.toRealPath());
        Files.walkFileTree(open.root, open);
        return open.closed;
    }

    private static final class Tightening extends SimpleFileVisitor<Path> {
        private final Path root;
        private int closed;

        Tightening(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                throws IOException {
            close(folder, FOLDER);
            return isOfPostgresql(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        private boolean isOfPostgresql(Path folder) {
            return root.equals(folder.getParent())
                    && POSTGRESQL.contains(folder.getFileName().toString());
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (attributes.isRegularFile()) { // a link's mode would be that of something elsewhere
                close(file, FILE);
            }
            return FileVisitResult.CONTINUE;
        }

        /** What is gone meanwhile, or closed to us too (a volume's lost+found), is not ours. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException
                    || failure instanceof AccessDeniedException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        private void close(Path entry, Set<PosixFilePermission> most) throws IOException {
            var now = Files.getPosixFilePermissions(entry, LinkOption.NOFOLLOW_LINKS);
            if (!most.containsAll(now)) {
                Files.setPosixFilePermissions(entry, most);
                closed++;
            }
        }
    }
}
