package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.StrictJson;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** B6 and B7: what clients of 2025 get of a server's nulls. */
class CallReplyTest {
    private static JsonNode json(String text) throws Exception {
        return StrictJson.read(text.replace('\'', '"'));
    }

    private static String passed(JsonNode result) {
        var reply = CallReply.withoutNulls(CallReply.passed(result, Optional.empty()));
        return JsonText.text(((Reply.Done) reply).result()).replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'content':[{'type':'text','text':'done','_meta':null}],'structuredContent':null}"
                        + " | {'content':[{'type':'text','text':'done'}]}",
                "{'content':[{'annotations':null,'type':'image','data':'AA=='},{'type':'text','_meta':{'a':null}}]}"
                        + " | {'content':[{'type':'image','data':'AA=='},{'type':'text','_meta':{'a':null}}]}",
                "{'content':[{'type':'resource','resource':{'uri':'x:y','_meta':null,'text':''},'annotations':null}]}"
                        + " | {'content':[{'type':'resource','resource':{'uri':'x:y','text':''}}]}",
                "{'contents':[{'uri':'x:y','text':'','_meta':null}]} | {'contents':[{'uri':'x:y','text':''}]}",
                "{'messages':[{'role':'user','content':{'type':'text','text':'a','annotations':null}}]}"
                        + " | {'messages':[{'role':'user','content':{'type':'text','text':'a'}}]}",
                "{'content':{'type':'text','_meta':null}} | {'content':{'type':'text'}}"
            })
    void leavesOutNullsThatClientsRefuse(String result, String seen) throws Exception {
        var tree = json(result);
        assertThat(passed(tree)).isEqualTo(seen);
        assertThat(tree).isEqualTo(json(result));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'structuredContent':{'_meta':null,'content':[{'_meta':null}]}}",
                "{'structuredContent':[null],'content':[]}",
                "{'content':[null,{'title':null,'text':null},{'theirs':{'_meta':null}}],'theirs':null}",
                "{'content':null,'messages':'text','contents':7}"
            })
    void keepsAllOthers(String result) throws Exception {
        assertThat(passed(json(result))).isEqualTo(result);
    }
}
