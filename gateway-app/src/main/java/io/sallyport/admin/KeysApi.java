package io.sallyport.admin;

import io.sallyport.error.Reason;
import io.sallyport.identity.ApiKey;
import io.sallyport.identity.KeyKind;
import io.sallyport.identity.KeyText;
import io.sallyport.identity.KeyUses;
import io.sallyport.identity.Pepper;
import io.sallyport.policy.Person;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/keys}: a key's text is shown once, when it is made. */
final class KeysApi {
    private static final int MAX_NAME = 100;

    private static final String OWNER = "(user|service):[A-Za-z0-9._@-]{1,128}";

    /** Roles that only a kind brings; a request can name none of them. */
    private static final Set<String> GIVEN_BY_KIND =
            Set.of("platform-admin", "tenant-admin", "approver", "auditor", "agent");

    private final TenantSettings settings;
    private final KeyUses uses;
    private final Pepper pepper;
    private final Clock clock;
    private final boolean dev;
    private final SecureRandom random = new SecureRandom();

    KeysApi(TenantSettings settings, KeyUses uses, Pepper pepper, Clock clock, boolean dev) {
        this.settings = settings;
        this.uses = uses;
        this.pepper = pepper;
        this.clock = clock;
        this.dev = dev;
    }

    AdminAnswer create(AdminRequest request) {
        var body =
                Body.read(
                        request.body(),
                        "owner",
                        "kind",
                        "name",
                        "groups",
                        "roles",
                        "models",
                        "toolsets",
                        "expires");
        var text = KeyText.mint(random);
        var key = key(request, body, text);
        settings.addKey(key, request.caller());
        return AdminAnswer.created(remarked(request, key).put("key", text.reveal()));
    }

    private ApiKey key(AdminRequest request, Body body, KeyText text) {
        var kind = kind(body);
        var owner = owner(body);
        refuseForeignVoice(request, kind, owner);
        return new ApiKey(
                text.id(),
                request.tenant(),
                text.mac(pepper),
                owner,
                kind,
                words(body, "groups"),
                roles(kind, body),
                models(body),
                toolsets(body),
                expires(body),
                false,
                new ApiKey.About(name(body).orElse(""), clock.instant()));
    }

    private static Optional<String> name(Body body) {
        return body.optionalText("name").map(KeysApi::plain);
    }

    private static String plain(String name) {
        if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.invalid("name must be at most 100 characters on one line.");
        }
        return name;
    }

    /** What a key may do, and what it is called; whose it is and of what kind stays. */
    AdminAnswer change(AdminRequest request) {
        var key = known(request);
        refuseForeignVoice(request, key.kind(), key.owner());
        var body = Body.read(request.body(), "name", "groups", "models", "toolsets", "expires");
        var changed =
                new ApiKey(
                        key.id(),
                        key.tenant(),
                        key.mac(),
                        key.owner(),
                        key.kind(),
                        body.has("groups") ? words(body, "groups") : key.groups(),
                        key.roles(),
                        body.mentions("models") ? models(body) : key.models(),
                        body.mentions("toolsets") ? toolsets(body) : key.toolsets(),
                        body.mentions("expires") ? expires(body) : key.expires(),
                        key.blocked(),
                        new ApiKey.About(
                                name(body).orElse(key.about().name()), key.about().created()));
        if (!settings.changeKey(changed, request.view().sequence(), request.caller())) {
            throw Refusal.moved();
        }
        return AdminAnswer.ok(remarked(request, changed));
    }

    /** With what is to be said of names that it is bound to and that nothing has. */
    private ObjectNode remarked(AdminRequest request, ApiKey key) {
        return new Remarks(request)
                .ofModels(key.models().orElse(Set.of()))
                .ofToolsets(key.toolsets().orElse(List.of()))
                .to(json(key));
    }

    private static Optional<Set<String>> models(Body body) {
        return body.has("models") ? Optional.of(body.names("models")) : Optional.empty();
    }

    private static Optional<List<String>> toolsets(Body body) {
        return body.has("toolsets") ? Optional.of(body.texts("toolsets")) : Optional.empty();
    }

    private Optional<Instant> expires(Body body) {
        return body.optionalText("expires").map(this::expiry);
    }

    /**
     * Whoever makes a key is shown its text: a tenant's admin who could make deciding keys for
     * others would decide as many people, and one who could make auditors would read the arguments
     * of calls under their names.
     */
    private static void refuseForeignVoice(AdminRequest request, KeyKind kind, String owner) {
        var speaks =
                switch (kind) {
                    case ADMIN, APPROVER, AUDITOR -> true;
                    case AGENT -> false;
                };
        var own = Person.of(owner).equals(Person.of(request.caller().principal().subject()));
        if (speaks && !own && !request.hasRole("platform-admin")) {
            throw new Refusal(
                    403,
                    Reason.FORBIDDEN,
                    "A key that decides or audits is made by a platform admin, or by its owner.");
        }
    }

    private KeyKind kind(Body body) {
        var code = body.optionalText("kind").orElse("agent");
        for (var kind : KeyKind.values()) {
            if (kind.code().equals(code) && (dev || kind != KeyKind.APPROVER)) {
                return kind;
            }
        }
        throw Refusal.invalid("kind must be agent, admin, auditor or, in dev mode, approver.");
    }

    private static String owner(Body body) {
        var owner = body.text("owner");
        if (!owner.matches(OWNER)) {
            throw Refusal.invalid("owner must look like user:ada or service:ci.");
        }
        return owner;
    }

    private static Set<String> words(Body body, String member) {
        var words = body.names(member);
        if (words.size() > 64
                || !words.stream().allMatch(it -> it.matches("[A-Za-z0-9._-]{1,64}"))) {
            throw Refusal.invalid(member + " must be at most 64 plain words.");
        }
        return words;
    }

    /** The kind gives its role; the two that rule the platform are never given by a request. */
    private static Set<String> roles(KeyKind kind, Body body) {
        var roles = new HashSet<>(words(body, "roles"));
        if (GIVEN_BY_KIND.stream().anyMatch(roles::contains)
                || (kind == KeyKind.AGENT && !roles.isEmpty())) {
            throw Refusal.forbidden();
        }
        roles.add(roleOf(kind));
        return roles;
    }

    private static String roleOf(KeyKind kind) {
        return switch (kind) {
            case AGENT -> "agent";
            case ADMIN -> "tenant-admin";
            case APPROVER -> "approver";
            case AUDITOR -> "auditor";
        };
    }

    private Instant expiry(String text) {
        var at = TimeText.read("expires", text);
        if (at.isAfter(clock.instant())) {
            return at;
        }
        throw Refusal.invalid("expires must be a time to come, like 2030-01-31T12:00:00Z.");
    }

    AdminAnswer list(AdminRequest request) {
        List<ObjectNode> items =
                request.view().keys().stream()
                        .filter(it -> isSeen(request, it))
                        .map(this::json)
                        .toList();
        return AdminAnswer.list(items, Optional.empty());
    }

    AdminAnswer show(AdminRequest request) {
        return AdminAnswer.ok(json(known(request)));
    }

    private static ApiKey known(AdminRequest request) {
        return request.view()
                .key(request.path("id"))
                .filter(it -> isSeen(request, it))
                .orElseThrow(Refusal::notFound);
    }

    /** The platform's keys live in a tenant, but are nobody's business there. */
    static boolean isSeen(AdminRequest request, ApiKey key) {
        return !key.roles().contains("platform-admin") || request.hasRole("platform-admin");
    }

    /** Blocks the key at once, also for runs that are under way. */
    AdminAnswer revoke(AdminRequest request) {
        settings.revokeKey(known(request), request.caller());
        return AdminAnswer.noContent();
    }

    private ObjectNode json(ApiKey key) {
        var json =
                AdminAnswer.JSON
                        .objectNode()
                        .put("id", key.id())
                        .put("owner", key.owner())
                        .put("kind", key.kind().code().toLowerCase(Locale.ROOT))
                        .put("blocked", key.blocked());
        key.groups().stream().sorted().forEach(json.putArray("groups")::add);
        key.roles().stream().sorted().forEach(json.putArray("roles")::add);
        key.models().ifPresent(it -> it.stream().sorted().forEach(json.putArray("models")::add));
        key.toolsets().ifPresent(it -> it.forEach(json.putArray("toolsets")::add));
        key.expires().ifPresent(it -> json.put("expires", it.toString()));
        if (!key.about().name().isEmpty()) {
            json.put("name", key.about().name());
        }
        json.put("created", key.about().created().toString());
        uses.last(key.id()).ifPresent(it -> json.put("last_used", it.toString()));
        return json;
    }
}
