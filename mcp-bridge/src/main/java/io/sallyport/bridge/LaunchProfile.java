package io.sallyport.bridge;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a server that speaks over its standard streams is started. Only an operator may say this:
 * whoever can, can run anything here.
 *
 * @param argv the program, as an absolute path, and its arguments, none of which any shell sees
 * @param cwd where it runs
 * @param environment all of its environment variables; it inherits none
 */
public record LaunchProfile(List<String> argv, Path cwd, Map<String, String> environment) {
    public LaunchProfile {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty() || !Path.of(argv.getFirst()).isAbsolute() || !cwd.isAbsolute()) {
            throw new IllegalArgumentException("program and directory must be absolute paths");
        }
    }

    /** Without arguments and environment, which may be secrets. */
    @Override
    public String toString() {
        return "LaunchProfile[" + argv.getFirst() + "]";
    }
}
