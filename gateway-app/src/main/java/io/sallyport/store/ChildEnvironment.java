package io.sallyport.store;

import java.util.Set;

/**
 * What a program that the gateway starts for itself learns of the gateway's environment: where
 * programs are, which language and time zone, where temporary files go. The seal key, passwords,
 * keys of providers and flags for Java stay here. Programs of launch profiles inherit nothing at
 * all.
 */
public final class ChildEnvironment {
    private static final Set<String> INHERITED = Set.of("PATH", "LANG", "TZ", "TMPDIR");

    private ChildEnvironment() {}

    /** Takes everything else away from what {@code builder} starts, and returns it. */
    public static ProcessBuilder minimal(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> !isInherited(name));
        return builder;
    }

    private static boolean isInherited(String name) {
        return INHERITED.contains(name) || name.startsWith("LC_");
    }
}
