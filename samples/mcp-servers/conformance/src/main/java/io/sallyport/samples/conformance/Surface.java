package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Rpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What this server offers, without a word about how a revision of MCP transports it. */
final class Surface {

    /** What both eras have. */
    static final Set<String> METHODS =
            Set.of(
                    "tools/list",
                    "resources/list",
                    "resources/templates/list",
                    "prompts/list",
                    "tools/call",
                    "resources/read",
                    "prompts/get",
                    "completion/complete");

    private static final Pattern TEMPLATE = Pattern.compile("test://template/([^/]+)/data");

    private final Tools tools;
    private final Interviews interviews;
    private final JsonNode prompts;
    private final JsonNode resources;

    private Surface(Tools tools, Interviews interviews, JsonNode prompts, JsonNode resources) {
        this.tools = tools;
        this.interviews = interviews;
        this.prompts = prompts;
        this.resources = resources;
    }

    static Surface withChanges(Changes changes) {
        var interviews = new Interviews(read("questions.json"));
        var tools = new Tools(read("tools.json"), interviews, changes);
        return new Surface(tools, interviews, read("prompts.json"), read("resources.json"));
    }

    static ObjectNode self() {
        return Rpc.object().put("name", "sallyport-conformance").put("version", "0.1.0");
    }

    static ObjectNode capabilities() {
        var capabilities = Rpc.object();
        capabilities.putObject("tools").put("listChanged", true);
        capabilities.putObject("resources").put("subscribe", true).put("listChanged", true);
        capabilities.putObject("prompts").put("listChanged", true);
        capabilities.putObject("completions");
        capabilities.putObject("logging");
        return capabilities;
    }

    JsonNode listedTools() {
        return tools.listed();
    }

    /** Answers one turn of {@code method}, one of {@link #METHODS}. */
    Outcome answer(String method, Turn turn) throws InterruptedException {
        return switch (method) {
            case "tools/list" -> list("tools", tools.listed());
            case "resources/list" -> list("resources", resources.path("listed"));
            case "resources/templates/list" ->
                    list("resourceTemplates", resources.path("templates"));
            case "prompts/list" -> list("prompts", prompts.path("listed"));
            case "tools/call" -> tools.call(turn);
            case "resources/read" -> read(turn);
            case "prompts/get" -> prompt(turn);
            case "completion/complete" -> complete(turn);
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static Outcome list(String member, JsonNode entries) {
        return new Outcome.Done(Rpc.object().set(member, entries));
    }

    private Outcome read(Turn turn) {
        var uri = turn.params().path("uri").asString("");
        return resources
                .path("contents")
                .optional(uri)
                .or(() -> ofTemplate(uri))
                .map(Surface::contents)
                .orElseGet(() -> new Outcome.Unknown(uri));
    }

    private Optional<JsonNode> ofTemplate(String uri) {
        var template = new Template(resources.path("template"));
        var matcher = TEMPLATE.matcher(uri);
        return matcher.matches()
                ? Optional.of(template.filledWith(Rpc.object().put("id", matcher.group(1))))
                : Optional.empty();
    }

    private static Outcome contents(JsonNode content) {
        var result = Rpc.object();
        result.putArray("contents").add(content);
        return new Outcome.Done(result);
    }

    private Outcome prompt(Turn turn) {
        var name = turn.name();
        Optional<Outcome> asked =
                interviews
                        .named(name)
                        .filter(asking -> isListedPrompt(name))
                        .map(asking -> interviews.next(asking, turn, Texts::messages));
        return asked.or(() -> writtenPrompt(turn))
                .orElseGet(() -> new Outcome.Invalid("Unknown prompt: " + name));
    }

    private Optional<Outcome> writtenPrompt(Turn turn) {
        return prompts.path("results")
                .optional(turn.name())
                .map(found -> new Template(found).filledWith(turn.arguments()))
                .map(Outcome.Done::new);
    }

    private boolean isListedPrompt(String name) {
        return prompts.path("listed")
                .valueStream()
                .anyMatch(prompt -> prompt.path("name").asString().equals(name));
    }

    private Outcome complete(Turn turn) {
        var typed = turn.params().path("argument").path("value").asString("");
        var result = Rpc.object();
        var completion = result.putObject("completion").put("hasMore", false);
        var values = completion.putArray("values");
        prompts.path("completions")
                .valueStream()
                .filter(value -> value.asString().startsWith(typed))
                .forEach(values::add);
        completion.put("total", values.size());
        return new Outcome.Done(result);
    }

    private static JsonNode read(String file) {
        try (var bytes = Surface.class.getResourceAsStream(file)) {
            return JsonMapper.shared().readTree(bytes);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
