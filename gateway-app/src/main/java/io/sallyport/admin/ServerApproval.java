package io.sallyport.admin;

import io.sallyport.catalog.ApprovalTerms;
import io.sallyport.catalog.Approving;
import io.sallyport.catalog.CatalogApproval;
import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogItem;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryTerms;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerProfile;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.error.Reason;
import io.sallyport.policy.Risk;
import io.sallyport.policy.VisibleText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * One approval: of named items by their digests, all or nothing, or of everything that a list
 * digest stands for. Rejected items stay out of the latter, and so do blocked ones unless findings
 * are overridden.
 */
final class ServerApproval {
    /** Characters of the pointers that a refusal names; the tool's findings have them all. */
    private static final int MAX_POINTERS = 2_000;

    private final McpServer server;
    private final ServerCatalog catalog;
    private final Body body;
    private final boolean all;
    private final Map<Named, Body> named = new HashMap<>();
    private final Set<Named> left;

    /** An item by its kind, as the request calls it, and its name. */
    private record Named(String kind, String name) {}

    ServerApproval(AdminRequest request, McpServer server, ServerCatalog catalog) {
        this.server = server;
        this.catalog = catalog;
        body =
                Body.read(
                        request.body(),
                        "tools",
                        "resources",
                        "templates",
                        "prompts",
                        "instructions",
                        "all",
                        "risk",
                        "override_findings");
        all = body.flag("all");
        if (all) {
            var _ =
                    RiskTerms.read(
                            body); // a mistake in what is asked comes before what it is asked of
            requireReviewed(request.header("If-Match"));
        } else {
            readNamed();
        }
        left = new HashSet<>(named.keySet());
    }

    private void requireReviewed(Optional<String> expected) {
        var digest = ListDigest.of(server, catalog);
        if (expected.filter(it -> it.replace("\"", "").equals(digest)).isEmpty()) {
            throw Refusal.unreviewed();
        }
    }

    private void readNamed() {
        for (JsonNode item : body.items("tools")) {
            var tool =
                    Body.of(
                            item,
                            "name",
                            "digest",
                            "risk",
                            "labels",
                            "lenient",
                            "strict",
                            "unjudged");
            named.put(new Named("tools", tool.text("name")), tool);
        }
        for (var kind : EntryKind.values()) {
            for (JsonNode item : body.items(ServerJson.plural(kind))) {
                var entry = Body.of(item, kind.keyMember(), "digest");
                named.put(new Named(ServerJson.plural(kind), entry.text(kind.keyMember())), entry);
            }
        }
        if (named.isEmpty() && !body.has("instructions")) {
            throw Refusal.invalid("Name items with their digests, or all with a risk.");
        }
    }

    /** The server as it will be. */
    McpServer server() {
        var active = server.with(ServerStatus.ACTIVE);
        return all || reviewsInstructions() ? active.withReviewedInstructions() : active;
    }

    private boolean reviewsInstructions() {
        var digest = body.optionalText("instructions");
        var current = server.profile().flatMap(ServerProfile::instructions);
        if (digest.isPresent() && !digest.equals(current.map(ListDigest::ofText))) {
            throw mismatch();
        }
        return digest.isPresent();
    }

    /** The catalogue as it will be. */
    ServerCatalog catalog() {
        var approved =
                new ServerCatalog(
                        catalog.tools().stream().map(this::approved).toList(),
                        catalog.entries().stream().map(this::approved).toList());
        if (!left.isEmpty()) {
            throw Refusal.invalid("The server lists nothing of that name.");
        }
        return approved;
    }

    private CatalogTool approved(CatalogTool tool) {
        return terms("tools", tool.ref().tool(), tool)
                .map(it -> judged(CatalogApproval.approve(tool, terms(tool, it)), tool))
                .orElse(tool);
    }

    private CatalogEntry approved(CatalogEntry entry) {
        return terms(ServerJson.plural(entry.kind()), entry.ref().key(), entry)
                .map(it -> judged(CatalogApproval.approve(entry, terms(entry, it)), entry))
                .orElse(entry);
    }

    /** What the request says of an item; empty if it says nothing. */
    private Optional<Body> terms(String kind, String name, CatalogItem<?, ?> item) {
        var written = new Named(kind, name);
        // as the review shows it
        var key = named.containsKey(written) ? written : new Named(kind, VisibleText.of(name));
        left.remove(key);
        return all
                ? Optional.of(body).filter(_ -> isServable(item.status()))
                : Optional.ofNullable(named.get(key));
    }

    private static boolean isServable(ToolStatus status) {
        return status != ToolStatus.REJECTED && status != ToolStatus.MISSING;
    }

    private ApprovalTerms terms(CatalogTool tool, Body said) {
        return new ApprovalTerms(
                digest(tool, said),
                risk(tool, said),
                all ? tool.labels() : ServerForm.labels(said),
                all ? tool.lenient() : said.flag("lenient"),
                body.flag("override_findings"),
                all ? Set.of() : unjudged(said));
    }

    private static Set<String> unjudged(Body said) {
        return said.texts("unjudged").stream()
                .map(VisibleText::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    private EntryTerms terms(CatalogEntry entry, Body said) {
        return new EntryTerms(digest(entry, said), body.flag("override_findings"));
    }

    /** An approval of everything named the digest of the whole list before. */
    private String digest(CatalogItem<?, ?> item, Body said) {
        return all ? item.listed().digest() : said.text("digest");
    }

    /** What is said of the tool itself, else of all that are named. */
    private Risk risk(CatalogTool tool, Body said) {
        return RiskTerms.read(said.has("risk") ? said : body).of(tool);
    }

    private <C extends CatalogItem<?, C>> C judged(Approving<C> outcome, C item) {
        return switch (outcome) {
            case Approving.Approved<C>(var approved) -> approved;
            case Approving.DigestMismatch<C>() -> throw mismatch();
            case Approving.Rejected<C>(var finding) ->
                    throw new Refusal(
                            422,
                            Reason.TOOL_REJECTED,
                            "It cannot be served safely: " + finding.rule() + ".");
            case Approving.OverrideRequired<C> _ when all -> item;
            case Approving.OverrideRequired<C>(var findings) ->
                    throw new Refusal(422, Reason.OVERRIDE_REQUIRED, blocking(findings));
        };
    }

    private static String blocking(List<Finding> findings) {
        var unjudged =
                findings.stream()
                        .filter(Finding::leavesUnjudged)
                        .map(it -> VisibleText.of(it.pointer()))
                        .toList();
        return unjudged.isEmpty()
                ? "Findings block the approval: " + findings.getFirst().rule() + "."
                : "These keywords are not judged; confirm each by naming it in unjudged: "
                        + ShortText.cut(String.join(" ", unjudged), MAX_POINTERS)
                        + ".";
    }

    private static Refusal mismatch() {
        return new Refusal(
                409, Reason.VERSION_CONFLICT, "The digest is not the one that is listed now.");
    }
}
