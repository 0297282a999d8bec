package io.sallyport.policy;

import io.sallyport.json.Sha256;
import io.sallyport.policy.Decision.Allow;
import io.sallyport.policy.Decision.Deny;
import io.sallyport.policy.Decision.RequireApproval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A compiled policy: deny by default; deny beats require_approval beats allow, whatever the order
 * of the rules. Immutable, safe for any number of threads, and made once per published document.
 */
public final class Policy {
    private final RuleIndex index;
    private final ContentIndex resources;
    private final ContentIndex prompts;
    private final String digest;
    private final Set<String> told;
    private final boolean readable;

    Policy(List<Rule> rules, String digest) {
        this(rules, digest, true);
    }

    private Policy(List<Rule> rules, String digest, boolean readable) {
        this.readable = readable;
        index = new RuleIndex(rules);
        resources = new ContentIndex(ContentKind.RESOURCE, rules);
        prompts = new ContentIndex(ContentKind.PROMPT, rules);
        this.digest = digest;
        told = rules.stream().filter(Rule::told).map(Rule::id).collect(Collectors.toSet());
    }

    /** The policy of a tenant that has published none; the same as one with an empty rule list. */
    public static Policy denyAll() {
        return new Policy(List.of(), Sha256.of("{\"rules\":[]}"));
    }

    /** Of a tenant whose rules are there and cannot be read: what it denies is not decided. */
    public static Policy unreadable() {
        return new Policy(List.of(), denyAll().digest(), false);
    }

    public boolean isReadable() {
        return readable;
    }

    /**
     * Reads a document in YAML 1.2 (JSON is a part of it), at most 256 KiB. Never throws for what
     * the document says.
     */
    public static PolicyReading read(String yaml) {
        return PolicyReader.read(yaml);
    }

    /**
     * Tells whether a rule of a document says that callers may know that it decided. Reads the
     * text, compiles nothing of it, and is as quick for a document that is in force no more.
     */
    public static boolean tellsCallers(String yaml, String rule) {
        return PolicyReader.tellsCallers(yaml, rule);
    }

    /**
     * Returns {@code sha256:<hex>} over the document's content: the same for every layout of the
     * same rules, different for any other rules.
     */
    public String digest() {
        return digest;
    }

    /** Tells whether callers may know that this rule decided on a call of theirs. */
    public boolean tellsCallers(String rule) {
        return told.contains(rule);
    }

    /** Decides {@code request}. Never throws: what cannot be decided is denied. */
    public Decision decide(AccessRequest request) {
        if (!readable) {
            return new Deny(DenyReason.POLICY_UNAVAILABLE, "");
        }
        try {
            return verdict(index.matching(request));
        } catch (RuntimeException _) {
            return new Deny(DenyReason.POLICY_UNAVAILABLE, "");
        }
    }

    /**
     * Decides {@code request} as for tools. A resource whose URI may not be asked for ({@link
     * ResourceUri}) is allowed by no rule; one whose URI is not canonical only if a rule names the
     * URI letter by letter, without a star. The text of a template is judged the same way.
     */
    public Decision decide(ContentRequest request) {
        if (!readable) {
            return new Deny(DenyReason.POLICY_UNAVAILABLE, "");
        }
        try {
            return switch (request.kind()) {
                case RESOURCE ->
                        resource(request, ResourceUri.canonical(request.name()).isPresent());
                case TEMPLATE -> resource(request, ResourceUri.isCanonicalTemplate(request.name()));
                case PROMPT -> verdict(prompts.matching(request));
            };
        } catch (RuntimeException _) {
            return new Deny(DenyReason.POLICY_UNAVAILABLE, "");
        }
    }

    private Decision resource(ContentRequest request, boolean isCanonical) {
        if (!ResourceUri.mayBeAskedFor(request.name())) {
            return new Deny(DenyReason.NOT_ALLOWED, "");
        }
        var matching = resources.matching(request);
        var giving = isCanonical ? matching : holdingFor(request, matching);
        return verdict(
                Stream.concat(giving.stream(), holdingBack(request, giving))
                        .distinct()
                        .sorted(Comparator.comparingInt(Rule::position))
                        .toList());
    }

    /** Rules that hold back what a server may take the URI for; none of them gives anything. */
    private Stream<Rule> holdingBack(ContentRequest request, List<Rule> giving) {
        boolean isGiven = giving.stream().anyMatch(Rule::gives);
        return ResourceUri.readings(request.name()).stream()
                .filter(it -> !it.equals(request.name()))
                .flatMap(it -> resources.matching(request.named(it)).stream())
                .filter(it ->
                        switch (it.effect()) {
                            case Effect.Deny _ -> true;
                            case Effect.RequireApproval _ -> isGiven;
                            case Effect.Allow _ -> false;
                        });
    }

    /** Rules that refuse always count; those that only hold back do if another one gives. */
    private static List<Rule> holdingFor(ContentRequest request, List<Rule> matching) {
        boolean isGiven = matching.stream().anyMatch(it -> it.gives() && it.spellsOut(request));
        return matching.stream()
                .filter(it ->
                        switch (it.effect()) {
                            case Effect.Deny _ -> true;
                            case Effect.RequireApproval _ -> isGiven;
                            case Effect.Allow _ -> it.spellsOut(request);
                        })
                .toList();
    }

    /** Tells whether the principal sees the tool: exactly if {@link #decide} may let it run. */
    public boolean lists(AccessRequest request) {
        return mayRun(decide(request));
    }

    /** Tells whether the principal sees the content: exactly if {@link #decide} may give it. */
    public boolean lists(ContentRequest request) {
        return mayRun(decide(request));
    }

    private static boolean mayRun(Decision decision) {
        return switch (decision) {
            case Allow _, RequireApproval _ -> true;
            case Deny _ -> false;
        };
    }

    private static Decision verdict(List<Rule> matching) {
        var allowedBy = new ArrayList<String>();
        var requirements = new ArrayList<ApprovalRequirement>();
        for (var rule : matching) {
            switch (rule.effect()) {
                case Effect.Deny _ -> {
                    return new Deny(DenyReason.EXPLICIT_DENY, rule.id());
                }
                case Effect.RequireApproval(var requirement) -> requirements.add(requirement);
                case Effect.Allow _ -> allowedBy.add(rule.id());
            }
        }
        if (!requirements.isEmpty()) {
            return new RequireApproval(requirements);
        }
        return allowedBy.isEmpty()
                ? new Deny(DenyReason.NOT_ALLOWED, "")
                : new Allow(allowedBy.getFirst());
    }
}
