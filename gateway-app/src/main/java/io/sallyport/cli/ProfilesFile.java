package io.sallyport.cli;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.StrictJson;
import io.sallyport.policy.VisibleText;
import io.sallyport.servers.Launch;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.servers.LaunchProfiles.Reading;
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

    /** Characters of a profile's name that is none. */
    private static final int MAX_NAME = 80;

    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** Mounted files are often root's, and whoever is root needs no file to run something. */
    private static final Integer ROOT = 0;

    private final Path file;

    private ProfilesFile(Path file) {
        this.file = file;
    }

    /** The whole file cannot be used; the message says why, as the end of a sentence. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * The profiles of a file, which can be read again. One that cannot be used is left out.
     *
     * @throws StartFailure in one sentence that shows no argument and no variable
     */
    static LaunchProfiles read(Path file) {
        var profiles = new ProfilesFile(file);
        return switch (profiles.read()) {
            case Reading.Read first -> new LaunchProfiles.OfFile(first, profiles::read);
            case Reading.Unreadable(var why) ->
                    throw new StartFailure("the profiles file " + file + " " + why);
        };
    }

    private Reading read() {
        try {
            refuseStrange();
            return new Reading.Read(profiles(StrictJson.read(Files.readAllBytes(file))));
        } catch (IOException _) {
            return new Reading.Unreadable("cannot be read");
        } catch (MalformedJson e) {
            return new Reading.Unreadable(e.fault().complaint());
        } catch (Unusable e) {
            return new Reading.Unreadable(String.valueOf(e.getMessage()));
        } catch (ProfileMistake e) {
            return new Reading.Unreadable("is refused: " + e.getMessage());
        }
    }

    private void refuseStrange() throws IOException, Unusable {
        if (!Files.isRegularFile(file)) {
            throw new Unusable("is not there, or is no file");
        }
        if (!ROOT.equals(Files.getAttribute(file, "unix:uid")) && !isOwn()) {
            throw new Unusable("belongs neither to the user who runs the gateway nor to root");
        }
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
            throw new Unusable("can be written by others than its owner");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new Unusable("is larger than 1 MiB");
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

    private static Map<String, Launch> profiles(JsonNode document) throws ProfileMistake {
        var whole = new ProfileMembers("the file", document, Set.of("profiles"));
        var profiles = new LinkedHashMap<String, Launch>();
        for (var entry : whole.object("profiles").properties()) {
            var name = ShortText.cut(VisibleText.of(entry.getKey()), MAX_NAME);
            profiles.put(name, profile(entry.getKey(), entry.getValue()));
        }
        return profiles;
    }

    /** A mistake in one profile is no reason to do without the others. */
    private static Launch profile(String name, JsonNode tree) {
        try {
            return new Launch.Permitted(ProfileReader.read(name, tree));
        } catch (ProfileMistake e) {
            return new Launch.Refused(String.valueOf(e.getMessage()));
        }
    }
}
