package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolNamingTest {
    private static final int GENERATED = 100_000;

    @ParameterizedTest
    @CsvSource({
        "crm,get_customer,crm__get_customer",
        "crm,get__customer,crm__get__customer",
        "a-b,c,a-b__c",
        "crm,get.customer,crm__get_customer_8377cc9a848d02eb",
    })
    void keepsNamesReadable(String server, String tool, String alias) {
        assertThat(alias(server, tool)).isEqualTo(alias);
    }

    /** C4. */
    @ParameterizedTest
    @CsvSource({
        "crm, get_a_customer_by_the_name_of_the_account, 46",
        "crm, get_a_customer_by_the_name_of_the_accounts, 46",
        "a-server-with-a-slug-of-32-chars, list, 38",
        "a-server-with-a-slug-of-32-chars, list_all_the_things, 46",
        "x, '日本語の長い名前日本語の長い名前日本語の長い名前日本語の長い名前', 46"
    })
    void noNameIsLongerThanClientsLeaveRoomFor(String server, String tool, int length) {
        assertThat(alias(server, tool)).hasSize(length).matches("[A-Za-z0-9_-]+");
    }

    /** C4. */
    @Test
    void theLengthIsASetting() {
        var slug = new ServerSlug("a-server-with-a-slug-of-32-chars");
        var tool = "list_all_the_things_that_there_are_to_be_listed";
        assertThat(new ToolNaming(64).alias(slug, tool)).hasSize(64).startsWith(slug + "__list");
        assertThat(new ToolNaming(32).alias(slug, tool)).hasSize(32).startsWith("a-server__");
        assertThatThrownBy(() -> new ToolNaming(31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ToolNaming(65)).isInstanceOf(IllegalArgumentException.class);
    }

    /** C4. */
    @Test
    void slugsThatAreCutAlikeStayApart() {
        assertThat(alias("a-server-with-a-slug-of-32-chars", "list_all_the_things"))
                .isNotEqualTo(alias("a-server-with-a-slug-of-32-charz", "list_all_the_things"));
    }

    @Test
    void aPlainNameNeverLooksHashed() {
        var hashed = alias("crm", "get.customer");
        var imitation = hashed.substring("crm__".length());
        assertThat(alias("crm", imitation)).isNotEqualTo(hashed).startsWith("crm__get_customer_");
        assertThat(alias("crm", imitation.toUpperCase(Locale.ROOT))).isNotEqualTo(hashed);
    }

    @Test
    void serverAndToolCannotBorrowFromEachOther() {
        assertThat(alias("a", "_b")).isNotEqualTo(alias("a", "b"));
        assertThat(alias("a", "b__c")).isNotEqualTo(alias("a-b", "c"));
        assertThat(alias("x", "y.z")).isNotEqualTo(alias("x-y", "z."));
    }

    @Test
    void everyVariantOfANameHasItsOwnAlias() {
        var variants = Corpus.json(Corpus.text("tool-name-variants.json"));
        var names = new ArrayList<>(List.of(variants.get("base").stringValue()));
        variants.get("open").forEach(name -> names.add(name.stringValue()));
        assertThat(names.stream().map(name -> alias("fs", name)))
                .doesNotHaveDuplicates()
                .allMatch(alias -> alias.matches("fs__[A-Za-z0-9_-]{1,42}"));
    }

    @Test
    void publishedAndGeneratedToolsNeverShareAnAlias() {
        var tools = new ArrayList<>(published());
        tools.addAll(generated());
        var byAlias = byAlias(tools);

        Collections.shuffle(tools, new Random(7));
        assertThat(byAlias(tools)).isEqualTo(byAlias);
        assertThat(byAlias.keySet()).allMatch(alias -> alias.matches("[A-Za-z0-9_-]{1,46}"));
    }

    private static Map<String, ToolRef> byAlias(List<ToolRef> tools) {
        var byAlias = new HashMap<String, ToolRef>();
        for (var tool : tools) {
            var other = byAlias.put(ToolNaming.STANDARD.alias(tool.server(), tool.tool()), tool);
            assertThat(other == null || other.equals(tool))
                    .as("%s and %s share an alias", other, tool)
                    .isTrue();
        }
        return byAlias;
    }

    private static List<ToolRef> published() {
        var refs = new ArrayList<ToolRef>();
        Corpus.tools()
                .forEach((server, tools) ->
                        tools.forEach(tool ->
                                refs.add(new ToolRef(server, tool.get("name").stringValue()))));
        return refs;
    }

    /** Short names over an alphabet of trouble makers, so that near misses are frequent. */
    private static List<ToolRef> generated() {
        var random = new Random(42);
        var slugs = List.of("a", "a-a", "aa", "a-0123456789abcdef", "z".repeat(32));
        var refs = new ArrayList<ToolRef>();
        for (int i = 0; i < GENERATED; i++) {
            var slug = new ServerSlug(slugs.get(random.nextInt(slugs.size())));
            refs.add(new ToolRef(slug, name(random)));
        }
        return refs;
    }

    private static String name(Random random) {
        var pieces =
                List.of("a", "A", "_", "-", ".", " ", "/", "é", "\u0000", "0123456789abcdef", "😀");
        var name = new StringBuilder();
        int length = 1 + random.nextInt(12);
        for (int i = 0; i < length; i++) {
            name.append(pieces.get(random.nextInt(pieces.size())));
        }
        return name.toString();
    }

    private static String alias(String server, String tool) {
        return ToolNaming.STANDARD.alias(new ServerSlug(server), tool);
    }
}
