package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H18. */
class GatewayFolderTest {
    @TempDir private Path scratch;

    @Test
    void madeFoldersAndFilesAreTheOwnersOnly() throws IOException {
        var folder = GatewayFolder.open(scratch.resolve("above/data"));
        folder.writeSecret("secret", new byte[] {1});
        try (var lock = folder.lock()) {
            assertThat(lock.isValid()).isTrue();
        }

        assertThat(mode(folder.root())).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("secret"))).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("gateway.lock"))).isEqualTo("rw-------");
    }

    @Test
    void whatIsOpenToOthersIsClosed() throws IOException {
        var outside = Files.writeString(scratch.resolve("outside"), "x");
        var data = scratch.resolve("data");
        Files.createDirectories(data.resolve("checkpoints"));
        var note = Files.writeString(data.resolve("checkpoints/note"), "x");
        var binary = Files.createDirectories(data.resolve("postgresql/bin")).resolve("postgres");
        Files.writeString(binary, "x");
        Files.createSymbolicLink(data.resolve("link"), outside);
        for (var open : new Path[] {data, data.resolve("checkpoints"), note, outside, binary}) {
            set(open, "rwxrwxrwx");
        }

        GatewayFolder.open(data);

        assertThat(mode(data)).isEqualTo("rwx------");
        assertThat(mode(data.resolve("checkpoints"))).isEqualTo("rwx------");
        assertThat(mode(note)).isEqualTo("rw-------");
        assertThat(mode(data.resolve("postgresql"))).isEqualTo("rwx------");
        assertThat(mode(binary)).as("a program stays one").isEqualTo("rwxrwxrwx");
        assertThat(mode(outside)).as("what a link names is not ours").isEqualTo("rwxrwxrwx");
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws IOException {
        assumeThat(System.getProperty("user.name")).as("only root can give away").isEqualTo("root");
        var data = Files.createDirectories(scratch.resolve("data"));
        var users = data.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(data, users.lookupPrincipalByName("nobody"));

        assertThatThrownBy(() -> GatewayFolder.open(data))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("belongs to another user (nobody)");
    }

    @Test
    void aSecretThatCannotBeWrittenLeavesNoDraft() throws IOException {
        var folder = GatewayFolder.open(scratch.resolve("data"));
        Files.createDirectories(folder.resolve("secret/full"));

        assertThatThrownBy(() -> folder.writeSecret("secret", new byte[] {1}))
                .isInstanceOf(UncheckedIOException.class);

        try (var left = Files.list(folder.root())) {
            assertThat(left).containsExactly(folder.resolve("secret"));
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void set(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
