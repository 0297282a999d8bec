package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A10, B6. No item of a list costs a strict client another one. */
class OfferedDescriptorTest {
    private static final String TOOL = "{'name':'a','inputSchema':{'type':'object'}%s}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'object','properties':{'a':true}}  | {'type':'object','properties':{'a':{}}}",
                "{'type':'object','properties':{'a':false,'b':{'type':'string'},'c':true}} |"
                        + " {'type':'object','properties':{'a':{'not':{}},'b':{'type':'string'},'c':{}}}",
                "{'type':'object','properties':{'true':true,'type':false}} |"
                        + " {'type':'object','properties':{'true':{},'type':{'not':{}}}}",
                "{'type':'object','properties':{'a':{'properties':{'b':true},'items':false}}} |"
                        + " {'type':'object','properties':{'a':{'properties':{'b':true},'items':false}}}",
                "{'type':'object','properties':[]}          | {'type':'object','properties':{}}",
                "{'type':'object','$defs':[],'patternProperties':[],'dependentSchemas':[]} |"
                        + " {'type':'object','$defs':{},'patternProperties':{},'dependentSchemas':{}}",
                "{'type':'object','properties':{'a':[],'b':{'type':'object','properties':[]},'c':null}} |"
                        + " {'type':'object','properties':{'a':{},'b':{'type':'object','properties':{}},'c':{}}}",
                "{'type':'object','properties':{'a':{'items':[],'default':[],'enum':[[]]}},'required':[]} |"
                        + " {'type':'object','properties':{'a':{'items':{},'default':[],'enum':[[]]}},'required':[]}",
                "{'type':'object','dependentRequired':{'a':[]},'dependencies':{'b':[]},'x':[]} |"
                        + " {'type':'object','dependentRequired':{'a':[]},'dependencies':{'b':[]},'x':[]}"
            })
    void schemasAreSpelledAsClientsTakeThem(String listed, String offered) {
        for (var member : new String[] {"inputSchema", "outputSchema"}) {
            var tree = json("{'name':'a','" + member + "':" + listed + "}");
            assertThat(tool(tree).offered().path(member)).isEqualTo(json(offered));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'annotations':[]                                        | ``",
                "'annotations':'readOnly','_meta':[],'title':7           | ``",
                "'_meta':'x','description':['a'],'execution':[]          | ``",
                "'title':null,'description':{'en':'a'},'icons':{}        | ``",
                "'annotations':{'readOnlyHint':'yes','title':1,'openWorldHint':true,'x':[]} |"
                        + " 'annotations':{'openWorldHint':true,'x':[]}",
                "'annotations':{'destructiveHint':0,'idempotentHint':{},'title':'T'} |"
                        + " 'annotations':{'title':'T'}",
                "'execution':{'taskSupport':'maybe','x':1}               | 'execution':{'x':1}",
                "'icons':[{'src':'a','sizes':'48x48','theme':'blue'},{'mimeType':'b'},7,'c'] |"
                        + " 'icons':[{'src':'a'}]",
                "'icons':[{'src':'a','sizes':['1x1',2],'mimeType':3,'theme':'dark','x':null}] |"
                        + " 'icons':[{'src':'a','theme':'dark','x':null}]",
                "'_meta':{'a':null,'b':[]},'novel':[{'a':null}],'title':'T' |"
                        + " '_meta':{'a':null,'b':[]},'novel':[{'a':null}],'title':'T'"
            })
    void aMemberOfAToolIsWhatMcpSaysOrLeftOut(String listed, String offered) {
        assertThat(tool(json(TOOL.formatted("," + listed))).offered())
                .isEqualTo(json(TOOL.formatted(offered.isEmpty() ? "" : "," + offered)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'name':'n','mimeType':7,'size':'12'                     | 'name':'n'",
                "'name':'n','mimeType':[],'size':1e400,'description':0   | 'name':'n'",
                "'name':'n','mimeType':'a/b','size':12.5                 |"
                        + " 'name':'n','mimeType':'a/b','size':12.5",
                "'title':'T'                                             | 'title':'T','name':'KEY'",
                "'name':7,'annotations':[],'_meta':[],'icons':7          | 'name':'KEY'",
                "'name':'n','annotations':{'priority':1.01,'audience':['user']} |"
                        + " 'name':'n','annotations':{'audience':['user']}",
                "'name':'n','annotations':{'priority':'high','audience':'user','x':1} |"
                        + " 'name':'n','annotations':{'x':1}",
                "'name':'n','annotations':{'priority':-0.1,'audience':['user','novel']} |"
                        + " 'name':'n','annotations':{}",
                "'name':'n','annotations':{'priority':0,'lastModified':1700000000} |"
                        + " 'name':'n','annotations':{'priority':0}",
                "'name':'n','annotations':{'priority':1,'lastModified':'2025-02-29T10:00:00Z'} |"
                        + " 'name':'n','annotations':{'priority':1}",
                "'name':'n','annotations':{'lastModified':'2025-01-12'}  |"
                        + " 'name':'n','annotations':{}",
                "'name':'n','annotations':{'lastModified':'2025-01-12T15:00:58.123456789012Z'} |"
                        + " 'name':'n','annotations':{'lastModified':'2025-01-12T15:00:58.123456789012Z'}",
                "'name':'n','annotations':{'lastModified':'2025-01-12T15:00+01:00'} |"
                        + " 'name':'n','annotations':{}",
                "'name':'n','annotations':{'lastModified':'2024-02-29T15:00:58+01:00'} |"
                        + " 'name':'n','annotations':{'lastModified':'2024-02-29T15:00:58+01:00'}"
            })
    void aMemberOfAResourceOrTemplateIsWhatMcpSaysOrLeftOut(String listed, String offered) {
        for (var kind : new EntryKind[] {EntryKind.RESOURCE, EntryKind.TEMPLATE}) {
            var key = "{'" + kind.keyMember() + "':'a:b',%s}";
            assertThat(entry(kind, json(key.formatted(listed))).offered())
                    .isEqualTo(json(key.formatted(offered.replace("KEY", "a:b"))));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'arguments':{}                                          | ``",
                "'arguments':'text','title':{},'_meta':7                 | ``",
                "'arguments':[{'name':'a','required':'yes','description':1},{'name':7},'b',{}] |"
                        + " 'arguments':[{'name':'a'}]",
                "'arguments':[{'name':'a','required':1},{'name':'b','required':true,'x':[]}] |"
                        + " 'arguments':[{'name':'a'},{'name':'b','required':true,'x':[]}]",
                "'arguments':[]                                          | 'arguments':[]"
            })
    void aMemberOfAPromptIsWhatMcpSaysOrLeftOut(String listed, String offered) {
        assertThat(entry(EntryKind.PROMPT, json("{'name':'p'," + listed + "}")).offered())
                .isEqualTo(json("{'name':'p'" + (offered.isEmpty() ? "" : "," + offered) + "}"));
    }

    @ParameterizedTest
    @EnumSource
    void reviewersSeeAndPinWhatCame(EntryKind kind) {
        var odd = "{'name':'a','uri':'a:b','uriTemplate':'a:b','title':7,'icons':{},'_meta':[]}";
        var entry = entry(kind, json(odd));
        var digest = entry.digest();

        assertThat(entry.offered().has("title")).isFalse();
        assertThat(entry.tree()).isEqualTo(json(odd));
        assertThat(entry(kind, json(odd)).digest()).isEqualTo(digest);
    }

    @Test
    void reviewersSeeAndPinTheToolThatCame() {
        var odd = "{'name':'a','inputSchema':{'properties':{'a':true,'b':[]}},'annotations':[]}";
        var tool = tool(json(odd));
        var offered = tool.offered();

        assertThat(offered).isNotEqualTo(json(odd));
        assertThat(tool.tree()).isEqualTo(json(odd));
        assertThat(tool.digest()).isEqualTo(tool(json(odd)).digest());
    }

    @Test
    void everyPublishedToolIsOfferedAsItCame() {
        Corpus.tools().values().stream()
                .flatMap(java.util.List::stream)
                .forEach(it -> assertThat(tool(it).offered()).isEqualTo(it));
    }

    /** Lists are asked for often, and most schemas have nothing to leave out. */
    @Test
    void aSchemaWithoutWhatMeansNothingIsNotCopied() {
        var schema =
                json(
                        "{'type':'object','required':[],'properties':{'a':{'default':[],"
                                + "'examples':[[],null],'enum':[null],'const':null}}}");

        assertThat(AbsentKeywords.without(schema)).isSameAs(schema);
    }

    private static ToolDescriptor tool(JsonNode tree) {
        return ToolDescriptor.of(Corpus.identity("s"), ToolNaming.STANDARD, tree);
    }

    private static EntryDescriptor entry(EntryKind kind, JsonNode tree) {
        return EntryDescriptor.of(Corpus.identity("s"), kind, tree);
    }

    private static JsonNode json(String text) {
        return Corpus.json(text.replace('\'', '"'));
    }
}
