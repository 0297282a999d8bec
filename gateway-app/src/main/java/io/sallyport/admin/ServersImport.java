package io.sallyport.admin;

import io.sallyport.catalog.JsonText;
import io.sallyport.error.Reason;
import io.sallyport.recording.Rejections;
import io.sallyport.recording.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /admin/v1/servers/import}: each entry is a registration like any other, judged and
 * answered on its own; what one of them comes to is nothing to the others.
 */
final class ServersImport {
    /** How it is done stands in the query: a file that somebody passed on cannot say it. */
    static final Set<String> PARAMETERS = Set.of("credentials", "profiles", "egress");

    /** Servers of one file. */
    private static final int MOST = 50;

    /** Each is asked what it lists, and some do not answer. */
    private static final Duration TIME = Duration.ofMinutes(2);

    private final ServersApi servers;
    private final Rejections rejections;

    ServersImport(ServersApi servers, Rejections rejections) {
        this.servers = servers;
        this.rejections = rejections;
    }

    AdminAnswer run(AdminRequest request) throws InterruptedException {
        var file = Body.tree(request.body());
        var entries = ImportedServer.in(file);
        if (entries.size() > MOST) {
            throw Refusal.invalid("At most " + MOST + " servers are imported at once.");
        }
        var deadline = System.nanoTime() + TIME.toNanos();
        var answer = AdminAnswer.JSON.objectNode();
        var items = answer.putArray("items");
        var terms = new Terms(request);
        for (var entry : entries) {
            items.add(item(entry, terms, System.nanoTime() - deadline < 0));
        }
        return AdminAnswer.ok(answer);
    }

    /** How it is done, as the query says it. */
    private record Terms(
            AdminRequest request, ImportedServer.Asked asked, Optional<String> egress) {
        Terms(AdminRequest request) {
            this(
                    request,
                    new ImportedServer.Asked(
                            request.query("credentials", Set.of("headers")).isPresent(),
                            request.query("profiles", Set.of("named")).isPresent()),
                    request.query("egress"));
        }

        /** What may be dialled is said of servers that are dialled. */
        AdminRequest registration(ImportedServer entry) {
            var registration = entry.registration(asked);
            egress.filter(_ -> registration.has("url"))
                    .ifPresent(it -> {
                        var allow = registration.putObject("egress").putArray("allow");
                        List.of(it.split(",")).forEach(allow::add);
                    });
            return request.saying(JsonText.write(registration));
        }
    }

    private ObjectNode item(ImportedServer entry, Terms terms, boolean inTime)
            throws InterruptedException {
        var item =
                AdminAnswer.JSON
                        .objectNode()
                        .put("name", ImportedServer.shown(entry.name()))
                        .put("slug", entry.slug());
        entry.description().map(ImportedServer::shown).ifPresent(it -> item.put("description", it));
        try {
            if (!inTime) {
                throw late();
            }
            registered(item, servers.register(terms.registration(entry)));
        } catch (Refusal refusal) {
            rejections.rejected(terms.request().caller(), AdminDesk.FACE, refusal.reason().code());
            refused(item, refusal);
        } catch (StoreFailure _) {
            refused(item, new Refusal(503, Reason.STORE_UNAVAILABLE, "The store is unavailable."));
        }
        entry.ignored(terms.asked()).forEach(item.putArray("ignored")::add);
        return item;
    }

    private static Refusal late() {
        return new Refusal(
                429, Reason.RATE_LIMITED, "Not tried: those before it took too long; try again.");
    }

    private static void registered(ObjectNode item, AdminAnswer answer) {
        item.put("status", "registered")
                .put("tools", answer.body().map(it -> it.path("tools").size()).orElse(0));
    }

    private static void refused(ObjectNode item, Refusal refusal) {
        var problem = refusal.problem().body().orElseThrow();
        item.put("status", "refused")
                .put("code", refusal.reason().code())
                .put("detail", refusal.sentence());
        JsonNode upstream = problem.path("upstream");
        if (upstream.isObject()) {
            item.set("upstream", upstream);
        }
    }
}
