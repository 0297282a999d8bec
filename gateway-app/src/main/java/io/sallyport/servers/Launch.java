package io.sallyport.servers;

import io.sallyport.bridge.LaunchProfile;
import io.sallyport.catalog.CanonicalJson;
import io.sallyport.json.Sha256;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;

/** Whether a program may be started. */
public sealed interface Launch {
    /**
     * @param digest of what is started: program, arguments, directory and the names of the
     *     variables. Not of their values, since a secret that is renewed changes no tool
     */
    record Permitted(LaunchProfile profile, String digest) implements Launch {
        public Permitted(LaunchProfile profile) {
            this(profile, digest(profile));
        }

        private static String digest(LaunchProfile profile) {
            var said = JsonNodeFactory.instance.objectNode();
            profile.argv().forEach(said.putArray("argv")::add);
            said.put("cwd", profile.cwd().toString());
            new TreeSet<>(profile.environment().keySet()).forEach(said.putArray("env")::add);
            return Sha256.of(CanonicalJson.write(said));
        }
    }

    /** The operator's file has no profile of that name. */
    record Unknown() implements Launch {}

    /**
     * It has one that cannot be used.
     *
     * @param why a sentence that shows no argument and no variable
     */
    record Refused(String why) implements Launch {}

    /** There is no operator's file. */
    record Off() implements Launch {}
}
