package io.sallyport.servers;

import io.sallyport.bridge.LaunchProfile;
import java.util.Map;

/** The programs that the operator permits to be started as MCP servers, each known by a name. */
public sealed interface LaunchProfiles {
    Launch find(String name);

    /** The operator gave no file: nothing is ever started. */
    record Off() implements LaunchProfiles {
        @Override
        public Launch find(String name) {
            return new Launch.Off();
        }
    }

    record Permitted(Map<String, LaunchProfile> profiles) implements LaunchProfiles {
        public Permitted {
            profiles = Map.copyOf(profiles);
        }

        @Override
        public Launch find(String name) {
            var profile = profiles.get(name);
            return profile == null ? new Launch.Unknown() : new Launch.Permitted(profile);
        }
    }
}
