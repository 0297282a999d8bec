package io.sallyport.servers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /** What the operator's file says when it is read. */
    sealed interface Reading {
        /**
         * @param profiles by name, each permitted or refused
         */
        record Read(Map<String, Launch> profiles) implements Reading {
            public Read {
                profiles = Map.copyOf(profiles);
            }
        }

        /**
         * Nothing, because the whole file cannot be used.
         *
         * @param why how a sentence ends that begins with the file
         */
        record Unreadable(String why) implements Reading {}
    }

    /** What became of one profile when the file was read again. */
    enum Change {
        ADDED,
        CHANGED,
        REMOVED,
        UNCHANGED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One profile after that. */
    record Reread(String name, Launch launch, Change change) {}

    /** The operator's file, as it was last read. */
    final class OfFile implements LaunchProfiles {
        private static final Logger LOG = LoggerFactory.getLogger(OfFile.class);

        private final Supplier<Reading> file;
        private volatile Map<String, Launch> profiles;

        /**
         * @param file reads it again
         */
        public OfFile(Reading.Read first, Supplier<Reading> file) {
            this.file = file;
            profiles = first.profiles();
        }

        @Override
        public Launch find(String name) {
            return profiles.getOrDefault(name, new Launch.Unknown());
        }

        /** The profiles that cannot be used, by name, each with the reason. */
        public SortedMap<String, String> refused() {
            var refused = new TreeMap<String, String>();
            profiles.forEach((name, launch) -> {
                if (launch instanceof Launch.Refused(var why)) {
                    refused.put(name, why);
                }
            });
            return refused;
        }

        /** Tells the log of the profiles that cannot be used. */
        public void tellOfRefused() {
            refused().forEach((name, why) -> LOG.warn("launch profile {} left out: {}", name, why));
        }

        /**
         * Reads the file again. Programs that run are ended when their servers are listed next; a
         * file that cannot be used changes nothing.
         */
        public synchronized Reloaded reload() {
            return switch (file.get()) {
                case Reading.Unreadable(var why) -> {
                    LOG.error("the profiles file {}; what it said before holds", why);
                    yield new Reloaded.Failed(why);
                }
                case Reading.Read(var now) -> new Reloaded.Done(changed(now));
            };
        }

        private List<Reread> changed(Map<String, Launch> now) {
            var reread = compared(profiles, now);
            profiles = now;
            reread.stream()
                    .filter(it -> it.change() != Change.UNCHANGED)
                    .forEach(
                            it -> LOG.info("launch profile {}: {}", it.name(), it.change().code()));
            tellOfRefused();
            return reread;
        }

        private static List<Reread> compared(Map<String, Launch> before, Map<String, Launch> now) {
            var names = new TreeSet<>(before.keySet());
            names.addAll(now.keySet());
            var compared = new ArrayList<Reread>();
            for (var name : names) {
                var launch = now.getOrDefault(name, new Launch.Unknown());
                var was = before.getOrDefault(name, new Launch.Unknown());
                compared.add(new Reread(name, launch, change(was, launch)));
            }
            return List.copyOf(compared);
        }

        private static Change change(Launch before, Launch now) {
            if (before.equals(now)) {
                return Change.UNCHANGED;
            }
            if (before instanceof Launch.Unknown) {
                return Change.ADDED;
            }
            return now instanceof Launch.Unknown ? Change.REMOVED : Change.CHANGED;
        }
    }

    /** How reading it again ended. */
    sealed interface Reloaded {
        record Done(List<Reread> profiles) implements Reloaded {}

        record Failed(String why) implements Reloaded {}
    }
}
