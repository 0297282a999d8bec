package io.sallyport.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The members of an object in the operator's file; an unknown one is a mistake, not a guess. */
final class ProfileMembers {
    private final String whose;
    private final JsonNode tree;

    /**
     * @param whose how mistakes call the object
     */
    ProfileMembers(String whose, JsonNode tree, Set<String> known) throws ProfileMistake {
        this.whose = whose;
        this.tree = tree;
        if (!tree.isObject()) {
            throw new ProfileMistake(whose + " must be an object");
        }
        if (!known.containsAll(tree.propertyNames())) {
            throw new ProfileMistake(whose + " has an unknown member, not one of " + names(known));
        }
    }

    /** An unknown name is not shown: it may be a variable in the wrong place. */
    private static String names(Set<String> known) {
        return String.join(", ", new TreeSet<>(known));
    }

    ObjectNode object(String name) throws ProfileMistake {
        if (tree.path(name) instanceof ObjectNode object) {
            return object;
        }
        throw mistake(name, "must be an object");
    }

    String text(String name) throws ProfileMistake {
        return text(name, tree.path(name));
    }

    List<String> texts(String name) throws ProfileMistake {
        if (!tree.path(name).isArray()) {
            throw mistake(name, "must be a list of strings");
        }
        var texts = new ArrayList<String>();
        for (var item : tree.path(name)) {
            texts.add(text(name, item));
        }
        return texts;
    }

    /** Empty if there is no such member. */
    Map<String, String> textsByName(String name) throws ProfileMistake {
        var texts = new LinkedHashMap<String, String>();
        if (tree.has(name)) {
            for (var entry : object(name).properties()) {
                texts.put(entry.getKey(), text(name, entry.getValue()));
            }
        }
        return texts;
    }

    /** No operating system takes a program's argument that holds the character NUL. */
    private String text(String name, JsonNode value) throws ProfileMistake {
        if (!value.isString() || value.asString().indexOf('\0') >= 0) {
            throw mistake(name, "must hold strings, without NUL");
        }
        return value.asString();
    }

    ProfileMistake mistake(String name, String sentence) {
        return new ProfileMistake(whose + ": " + name + " " + sentence);
    }
}
