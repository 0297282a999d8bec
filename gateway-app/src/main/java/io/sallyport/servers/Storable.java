package io.sallyport.servers;

import io.sallyport.catalog.EntryDescriptor;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.Finding.Severity;
import io.sallyport.catalog.ShortText;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.Vetted;
import io.sallyport.catalog.VettedCatalog;
import io.sallyport.catalog.VettedEntry;
import io.sallyport.catalog.VettedTool;
import io.sallyport.json.Sha256;
import io.sallyport.policy.ToolRef;
import io.sallyport.policy.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts another name where a server's own cannot be kept: such an item is rejected and listed all
 * the same, so that an admin sees what the server said.
 */
final class Storable {
    /** MCP 2025-11-25, Tools: names should not be longer. */
    private static final int MAX_NAME = 128;

    /** Bytes of the longest URI; the index entry of a row must fit into a third of a page. */
    private static final int MAX_KEY = 2_048;

    /** Characters of such a name that are shown. */
    private static final int MAX_SHOWN = 80;

    private Storable() {}

    static VettedCatalog of(VettedCatalog vetted) {
        return new VettedCatalog(
                vetted.tools().stream().map(Storable::tool).toList(),
                vetted.entries().stream().map(Storable::entry).toList());
    }

    private static VettedTool tool(VettedTool tool) {
        var listed = tool.descriptor();
        var name = listed.ref().tool();
        if (isName(name)) {
            return tool;
        }
        var ref = new ToolRef(listed.ref().server(), standIn(name));
        var kept = new ToolDescriptor(ref, listed.alias(), listed.digest(), listed.tree());
        return new VettedTool(kept, rejected(tool, "/name", name));
    }

    private static VettedEntry entry(VettedEntry entry) {
        var listed = entry.descriptor();
        var key = listed.key();
        if (isKey(key)) {
            return entry;
        }
        var kept =
                new EntryDescriptor(
                        listed.server(),
                        listed.kind(),
                        standIn(key),
                        listed.digest(),
                        listed.tree());
        return new VettedEntry(kept, rejected(entry, "/" + listed.kind().keyMember(), key));
    }

    private static List<Finding> rejected(Vetted<?> item, String pointer, String name) {
        if (item.rejected()) {
            return item.findings();
        }
        var findings = new ArrayList<>(item.findings());
        var excerpt = ShortText.excerpt(name, 0);
        findings.add(new Finding("invalid_descriptor", Severity.REJECT, pointer, excerpt));
        return findings;
    }

    /** Its beginning, readable, and a digest, so that two of them do not become one. */
    private static String standIn(String name) {
        var digest = Sha256.of(name);
        return ShortText.cut(VisibleText.of(name), MAX_SHOWN) + " " + digest.substring(0, 23);
    }

    private static boolean isName(String name) {
        return name.length() <= MAX_NAME && isText(name);
    }

    private static boolean isKey(String key) {
        return key.length() <= MAX_KEY
                && key.getBytes(StandardCharsets.UTF_8).length <= MAX_KEY
                && isText(key);
    }

    private static boolean isText(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }
}
