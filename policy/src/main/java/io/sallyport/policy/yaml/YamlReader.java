package io.sallyport.policy.yaml;

import io.sallyport.policy.yaml.YamlReading.Document;
import io.sallyport.policy.yaml.YamlReading.Fault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads exactly one YAML 1.2 document (core schema, JSON included) from its event stream. Anchors,
 * aliases and tags are refused, so that what a reviewer reads is what is there and no document can
 * grow while it is read; duplicate keys and deep nesting are refused too.
 */
public final class YamlReader {
    /** A policy nests four levels; the rest is head-room, far from any stack limit. */
    private static final int MAX_DEPTH = 16;

    /**
     * The parser's buffer takes the whole text: at the end of one that does not, it breaks on a
     * character that needs two.
     */
    private static final int ROOM = 16;

    private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

    private final Iterator<Event> events;

    private YamlReader(String text) {
        var settings = LoadSettings.builder().setBufferSize(text.length() + ROOM).build();
        events = new Parse(settings).parseString(text).iterator();
    }

    /** Reads {@code text}; never throws for what the text contains. */
    public static YamlReading read(String text) {
        try {
            return new Document(new YamlReader(text).document());
        } catch (Refusal refusal) {
            return refusal.fault;
        } catch (MarkedYamlEngineException broken) {
            return new Fault("invalid_yaml", broken.getProblem(), at(broken.getProblemMark()));
        } catch (ReaderException unreadable) {
            var at = positionOf(text, unreadable.getPosition());
            return new Fault("invalid_yaml", "a character that YAML does not allow", at);
        } catch (YamlEngineException _) {
            return new Fault("invalid_yaml", "not a YAML document", Position.START);
        }
    }

    private YamlNode document() {
        events.next(); // start of the stream
        if (events.next() instanceof StreamEndEvent) {
            throw new Refusal("invalid_yaml", "the document is empty", Position.START);
        }
        var root = node(events.next(), 0);
        events.next(); // end of the document
        var next = events.next();
        if (next instanceof StreamEndEvent) {
            return root;
        }
        throw new Refusal("invalid_yaml", "more than one document", at(next.getStartMark()));
    }

    private YamlNode node(Event event, int depth) {
        var at = at(event.getStartMark());
        if (depth > MAX_DEPTH) {
            throw new Refusal("too_deep", "nested more than " + MAX_DEPTH + " levels", at);
        }
        refuseReference(event, at);
        return switch (event) {
            case ScalarEvent scalar -> scalar(scalar, at);
            case SequenceStartEvent start -> items(start, depth, at);
            case MappingStartEvent start -> members(start, depth, at);
            default -> throw new Refusal("invalid_yaml", "unexpected " + event.getEventId(), at);
        };
    }

    private static void refuseReference(Event event, Position at) {
        if (event instanceof AliasEvent
                || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
            throw new Refusal("unsupported_yaml", "anchors and aliases are not accepted", at);
        }
    }

    private static void refuseTag(Optional<String> tag, Position at) {
        if (tag.isPresent()) {
            throw new Refusal("unsupported_yaml", "tags are not accepted", at);
        }
    }

    private static YamlNode scalar(ScalarEvent event, Position at) {
        refuseTag(event.getTag(), at);
        var tag = event.isPlain() ? RESOLVER.resolve(event.getValue(), true) : Tag.STR;
        if (tag.equals(Tag.STR)) {
            return new YamlNode.Text(event.getValue(), at);
        }
        return tag.equals(Tag.INT)
                ? new YamlNode.Whole(event.getValue(), at)
                : new YamlNode.Other(event.getValue(), at);
    }

    private YamlNode items(SequenceStartEvent start, int depth, Position at) {
        refuseTag(start.getTag(), at);
        List<YamlNode> nodes = new ArrayList<>();
        for (var next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
            nodes.add(node(next, depth + 1));
        }
        return new YamlNode.Items(nodes, at);
    }

    private YamlNode members(MappingStartEvent start, int depth, Position at) {
        refuseTag(start.getTag(), at);
        List<YamlNode.Member> list = new ArrayList<>();
        var seen = new HashSet<String>();
        for (var next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
            var key = key(next, depth + 1);
            if (!seen.add(key.value())) {
                throw new Refusal("duplicate_key", "this key was given before", key.at());
            }
            list.add(new YamlNode.Member(key, node(events.next(), depth + 1)));
        }
        return new YamlNode.Members(list, at);
    }

    private YamlNode.Text key(Event event, int depth) {
        if (node(event, depth) instanceof YamlNode.Text text) {
            return text;
        }
        throw new Refusal("invalid_yaml", "a key must be a string", at(event.getStartMark()));
    }

    private static Position at(Optional<Mark> mark) {
        return mark.map(m -> new Position(m.getLine() + 1, m.getColumn() + 1))
                .orElse(Position.START);
    }

    private static Position positionOf(String text, int index) {
        var before = text.substring(0, Math.clamp(index, 0, text.length()));
        var line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        return new Position(line, before.length() - before.lastIndexOf('\n'));
    }

    /** Ends the reading from any depth; never leaves this class. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Fault fault;

        Refusal(String code, String message, Position at) {
            super(message, null, false, false);
            fault = new Fault(code, message, at);
        }
    }
}
