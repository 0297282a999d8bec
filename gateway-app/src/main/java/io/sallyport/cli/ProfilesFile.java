package io.sallyport.cli;

import io.sallyport.bridge.LaunchProfile;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The operator's file of launch profiles. Who can write it can run anything as the user who runs
 * the gateway, so it must be that user's, and nobody else may write it.
 */
final class ProfilesFile {
    /** Far more than profiles need. */
    private static final long MAX_BYTES = 1024 * 1024;

    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** Mounted files are often root's, and whoever is root needs no file to run something. */
    private static final Integer ROOT = 0;

    private final Path file;

    private ProfilesFile(Path file) {
        this.file = file;
    }

    /**
     * @throws StartFailure in one sentence that shows no argument and no variable
     */
    static LaunchProfiles read(Path file) {
        return new ProfilesFile(file).read();
    }

    private LaunchProfiles read() {
        try {
            refuseStrange();
            return new LaunchProfiles.Permitted(
                    profiles(StrictJson.read(Files.readAllBytes(file))));
        } catch (IOException _) {
            throw refused("cannot be read");
        } catch (MalformedJson e) {
            throw refused(e.fault().complaint());
        } catch (ProfileMistake e) {
            throw refused("is refused: " + e.getMessage());
        }
    }

    private void refuseStrange() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw refused("is not there, or is no file");
        }
        if (!ROOT.equals(Files.getAttribute(file, "unix:uid")) && !isOwn()) {
            throw refused("belongs neither to the user who runs the gateway nor to root");
        }
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
            throw refused("can be written by others than its owner");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw refused("is larger than 1 MiB");
        }
    }

    /** As what this process makes: a user need not have a name. */
    private boolean isOwn() throws IOException {
        var made = Files.createTempFile("sallyport", "");
        try {
            return Files.getOwner(file).equals(Files.getOwner(made));
        } finally {
            Files.delete(made);
        }
    }

    private static Map<String, LaunchProfile> profiles(JsonNode document) throws ProfileMistake {
        var whole = new ProfileMembers("the file", document, Set.of("profiles"));
        var profiles = new LinkedHashMap<String, LaunchProfile>();
        for (var entry : whole.object("profiles").properties()) {
            profiles.put(entry.getKey(), ProfileReader.read(entry.getKey(), entry.getValue()));
        }
        return profiles;
    }

    private StartFailure refused(String sentence) {
        return new StartFailure("the profiles file " + file + " " + sentence);
    }
}
