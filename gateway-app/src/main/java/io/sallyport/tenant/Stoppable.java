package io.sallyport.tenant;

import io.sallyport.policy.Person;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;

/** What can be stopped in a tenant by one call. */
public sealed interface Stoppable {
    /** The word for it in the API and in records. */
    String kind();

    /** Which one, within its kind. */
    String name();

    /** All of a tenant. */
    record Tenant() implements Stoppable {
        @Override
        public String kind() {
            return "tenant";
        }

        @Override
        public String name() {
            return "";
        }
    }

    record Server(ServerSlug slug) implements Stoppable {
        @Override
        public String kind() {
            return "server";
        }

        @Override
        public String name() {
            return slug.value();
        }
    }

    record Tool(ToolRef ref) implements Stoppable {
        @Override
        public String kind() {
            return "tool";
        }

        @Override
        public String name() {
            return ref.server() + "/" + ref.tool();
        }
    }

    /** Whoever owns a key, with all keys and in every spelling. */
    record Owner(Person person) implements Stoppable {
        @Override
        public String kind() {
            return "principal";
        }

        @Override
        public String name() {
            return person.name();
        }
    }

    /** Reads what {@link #kind} and {@link #name} wrote. */
    static Stoppable of(String kind, String name) {
        return switch (kind) {
            case "tenant" -> new Tenant();
            case "server" -> new Server(new ServerSlug(name));
            case "tool" -> {
                var slash = name.indexOf('/');
                var server = new ServerSlug(name.substring(0, slash));
                yield new Tool(new ToolRef(server, name.substring(slash + 1)));
            }
            case "principal" -> new Owner(new Person(name));
            default -> throw new IllegalArgumentException("nothing of this kind can be stopped");
        };
    }
}
