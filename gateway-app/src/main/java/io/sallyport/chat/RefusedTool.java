package io.sallyport.chat;

import io.sallyport.provider.ModelFailure;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the server tool for which a provider refuses a request: by its place, as OpenAI, Anthropic
 * and Google name it, or by its name. Tools of the client are the client's to mend.
 */
final class RefusedTool {
    private static final Pattern PLACE =
            Pattern.compile(
                    "(?:function_declarations|functionDeclarations)\\[([0-9]{1,3})]"
                            + "|tools(?:\\.|\\[)([0-9]{1,3})(?![0-9])");

    private RefusedTool() {}

    /** The alias of the tool, or empty if the refusal is about something else. */
    static Optional<String> nameIn(ModelFailure failure, ObjectNode body, ToolOffer offer) {
        var said = failure.said();
        var refused = said.status() == 400 || said.status() == 422;
        if (!refused || said.code().equals("context_length_exceeded")) {
            return Optional.empty();
        }
        var here = Members.elements(body, "tools").stream().map(RefusedTool::name).toList();
        return offer.server().keySet().stream()
                .filter(here::contains)
                .filter(it -> said.message().contains(it))
                .max(Comparator.comparingInt(String::length))
                .or(() ->
                        place(said.param() + " " + said.message())
                                .filter(it -> it < here.size())
                                .map(here::get))
                .filter(it -> offer.ref(it).isPresent());
    }

    private static Optional<Integer> place(String text) {
        var place = PLACE.matcher(text);
        Optional<Integer> last = Optional.empty();
        while (place.find()) {
            last = Optional.of(number(place));
        }
        return last;
    }

    private static int number(Matcher place) {
        return Integer.parseInt(place.group(1) == null ? place.group(2) : place.group(1));
    }

    private static String name(JsonNode tool) {
        return Members.text(tool.path("function"), "name");
    }

    /** Takes the tool out of the request. */
    static void remove(String alias, ObjectNode body) {
        ToolOffer.setTools(
                body,
                Members.elements(body, "tools").stream()
                        .filter(it -> !name(it).equals(alias))
                        .toList());
    }
}
