package io.sallyport.cli;

import io.sallyport.bridge.LaunchProfile;
import io.sallyport.catalog.Transport;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads one launch profile and sees to it that what it names is there. */
final class ProfileReader {
    private static final Set<String> MEMBERS = Set.of("argv", "cwd", "env");

    private final ProfileMembers members;

    private ProfileReader(ProfileMembers members) {
        this.members = members;
    }

    static LaunchProfile read(String name, JsonNode tree) throws ProfileMistake {
        if (!Transport.Stdio.isProfile(name)) {
            throw new ProfileMistake("a profile's name must be 1 to 64 of a-z, 0-9 and -");
        }
        return new ProfileReader(new ProfileMembers("profile " + name, tree, MEMBERS)).profile();
    }

    private LaunchProfile profile() throws ProfileMistake {
        var argv = members.texts("argv");
        if (argv.isEmpty()) {
            throw members.mistake("argv", "must name a program");
        }
        var program = absolute("argv", argv.getFirst());
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            throw members.mistake("argv", "begins with something that is no executable file");
        }
        var cwd = absolute("cwd", members.text("cwd"));
        if (!Files.isDirectory(cwd)) {
            throw members.mistake("cwd", "is no directory");
        }
        return new LaunchProfile(argv, cwd, environment());
    }

    private Path absolute(String member, String text) throws ProfileMistake {
        try {
            var path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException _) {
            // a path that is none is not absolute either
        }
        throw members.mistake(member, "must be an absolute path");
    }

    private Map<String, String> environment() throws ProfileMistake {
        var environment = members.textsByName("env");
        if (!environment.keySet().stream().allMatch(it -> it.matches("[A-Za-z_][A-Za-z0-9_]*"))) {
            throw members.mistake("env", "has a name that is none for a variable");
        }
        return environment;
    }
}
