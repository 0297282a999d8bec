package io.sallyport.admin;

import io.sallyport.catalog.CallTimes;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.Era;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.Relay;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.Transport;
import io.sallyport.egress.EgressUrl;
import io.sallyport.error.Reason;
import io.sallyport.policy.ServerSlug;
import io.sallyport.servers.Credential;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an admin says of a server, read from a request. */
final class ServerForm {
    /** What only the operator may say of a program. */
    private static final List<String> STDIO = List.of("transport", "command", "args", "env", "cwd");

    /** Tools of one server that have a time of their own. */
    private static final int MAX_TIMES = 100;

    private final AdminRequest request;
    private final Body body;

    private ServerForm(AdminRequest request, String... members) {
        this.request = request;
        var tree = Body.tree(request.body());
        if (STDIO.stream().anyMatch(tree::has)) {
            throw Launching.notByRequest();
        }
        body = Body.of(tree, members);
    }

    static ServerForm registration(AdminRequest request, Launching launching) {
        var form =
                new ServerForm(
                        request,
                        "slug",
                        "url",
                        "profile",
                        "era",
                        "credential",
                        "labels",
                        "egress",
                        "relay",
                        "stateless",
                        "call_timeout_seconds",
                        "tool_timeout_seconds");
        form.refuseProfile(launching);
        return form;
    }

    private void refuseProfile(Launching launching) {
        if (body.mentions("profile")) {
            launching.requireOn();
            launching.require(body.text("profile"));
        }
        if (body.has("url") == body.has("profile")) {
            throw unfit("A server has either a url or a profile.");
        }
    }

    static Refusal unfit(String sentence) {
        return new Refusal(422, Reason.INVALID_REQUEST, sentence);
    }

    /** Read by {@link ServerPatch}. */
    static ServerForm change(AdminRequest request) {
        return new ServerForm(
                request,
                "url",
                "profile",
                "credential",
                "labels",
                "status",
                "egress",
                "era",
                "relay",
                "stateless",
                "call_timeout_seconds",
                "tool_timeout_seconds",
                "keep_approvals");
    }

    Body body() {
        return body;
    }

    Optional<Credential> credential() {
        return body.object("credential", "type", "name", "secret").map(ServerForm::credential);
    }

    private static Credential credential(Body body) {
        return switch (body.text("type")) {
            case "bearer" -> new Credential.Bearer(secret(body));
            case "header" ->
                    new Credential.NamedHeader(
                            CredentialHeader.checked(body.text("name")), secret(body));
            default ->
                    throw Refusal.invalid(
                            "credential.type must be bearer or header in this version.");
        };
    }

    private static String secret(Body body) {
        var secret = body.text("secret");
        if (!secret.matches("[\\x21-\\x7e]([\\x20-\\x7e]{0,8190}[\\x21-\\x7e])?")) {
            throw Refusal.invalid("credential.secret must be visible ASCII.");
        }
        return secret;
    }

    McpServer server() {
        var transport = transport();
        var terms = egress().orElse(EgressTerms.NONE);
        requireHidden(transport, body.has("credential"), terms);
        return new McpServer(
                request.tenant(),
                slug(),
                transport,
                era().orElse(Era.AUTO),
                ServerStatus.PENDING,
                labels().orElse(Set.of()),
                terms,
                body.has("credential") ? newCredential() : "",
                relay().orElse(relayed(transport)),
                body.flag("stateless"),
                Optional.empty(),
                Optional.empty(),
                times(CallTimes.STANDARD),
                request.view().sequence(),
                Set.of());
    }

    static String newCredential() {
        return "cred_" + UUID.randomUUID();
    }

    static void requireHidden(Transport transport, boolean hasCredential, EgressTerms terms) {
        switch (transport) {
            case Transport.StreamableHttp(var url) ->
                    EgressForm.requireHidden(URI.create(url), hasCredential, terms);
            case Transport.Stdio _ -> {
                // it has no address
            }
        }
    }

    /**
     * @param before what holds where the request says nothing
     */
    CallTimes times(CallTimes before) {
        var each = body.number("call_timeout_seconds");
        return new CallTimes(
                each.isPresent() ? callTime(each.getAsInt()) : before.each(),
                body.has("tool_timeout_seconds") ? timesOfTools() : before.tools());
    }

    private Map<String, Duration> timesOfTools() {
        var seconds = body.numbersByName("tool_timeout_seconds");
        if (seconds.size() > MAX_TIMES) {
            throw Refusal.invalid("tool_timeout_seconds must name at most 100 tools.");
        }
        var times = new HashMap<String, Duration>();
        seconds.forEach((tool, time) -> times.put(tool, callTime(time)));
        return times;
    }

    private static Duration callTime(int seconds) {
        var time = Duration.ofSeconds(seconds);
        if (!time.isPositive() || time.compareTo(CallTimes.LONGEST) > 0) {
            throw Refusal.invalid("A call's timeout must be 1 to 300 seconds.");
        }
        return time;
    }

    private ServerSlug slug() {
        var slug = body.text("slug");
        if (!ServerSlug.isValid(slug) || slug.contains("__")) {
            throw unfit("slug must be 1 to 32 of a-z, 0-9 and -.");
        }
        return new ServerSlug(slug);
    }

    private Transport transport() {
        var transport =
                body.has("profile")
                        ? new Transport.Stdio(body.text("profile"))
                        : new Transport.StreamableHttp(url());
        refuseUnfit(transport);
        return transport;
    }

    /** A program has no address and no headers, speaks the older revisions and asks nobody. */
    void refuseUnfit(Transport transport) {
        var meaningless =
                switch (transport) {
                    case Transport.StreamableHttp _ -> false;
                    case Transport.Stdio _ ->
                            Stream.of("credential", "egress", "relay").anyMatch(body::has)
                                    || era().equals(Optional.of(Era.MODERN));
                };
        if (meaningless) {
            throw unfit(
                    "A server that is started has no credential, egress or relay, and its era"
                            + " is legacy.");
        }
    }

    private static Set<Relay> relayed(Transport transport) {
        return switch (transport) {
            case Transport.StreamableHttp _ -> McpServer.DEFAULT_RELAY;
            case Transport.Stdio _ -> Set.of();
        };
    }

    String url() {
        return switch (EgressUrl.read(body.text("url"))) {
            case EgressUrl.Reading.Accepted(var uri) -> uri.toString();
            case EgressUrl.Reading.Refused _ -> throw UnusableServer.egressDenied();
        };
    }

    Optional<EgressTerms> egress() {
        return EgressForm.read(request, body);
    }

    Optional<Era> era() {
        return body.optionalText("era")
                .map(code ->
                        Arrays.stream(Era.values())
                                .filter(it -> it.code().equals(code))
                                .findFirst()
                                .orElseThrow(() ->
                                        Refusal.invalid("era must be auto, modern or legacy.")));
    }

    Optional<Set<Relay>> relay() {
        return body.has("relay")
                ? Optional.of(
                        body.texts("relay").stream()
                                .map(ServerForm::relay)
                                .collect(Collectors.toSet()))
                : Optional.empty();
    }

    private static Relay relay(String code) {
        return Arrays.stream(Relay.values())
                .filter(it -> it.code().equals(code))
                .findFirst()
                .orElseThrow(
                        () -> Refusal.invalid("relay must hold elicitation, sampling or roots."));
    }

    Optional<Set<String>> labels() {
        return body.has("labels") ? Optional.of(labels(body)) : Optional.empty();
    }

    static Set<String> labels(Body body) {
        var labels = body.names("labels");
        if (labels.size() > 32 || !labels.stream().allMatch(it -> it.matches("[a-z0-9-]{1,64}"))) {
            throw Refusal.invalid("labels must be at most 32 words of a-z, 0-9 and -.");
        }
        return labels;
    }

    /** A server becomes active by approval only, or again after it was disabled. */
    Optional<ServerStatus> status(boolean wasApproved) {
        return body.optionalText("status").map(code -> status(wasApproved, code));
    }

    private static ServerStatus status(boolean wasApproved, String code) {
        if (code.equals("disabled")) {
            return ServerStatus.DISABLED;
        }
        if (code.equals("active") && wasApproved) {
            return ServerStatus.ACTIVE;
        }
        throw Refusal.invalid("status must be disabled, or active again after it was approved.");
    }
}
