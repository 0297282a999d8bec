package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolMessageTextTest {
    @Test
    void joinsTextsByLineBreaks() throws MalformedJson {
        assertThat(text("{'content':[{'type':'text','text':'a\\nb'},{'type':'text','text':'c'}]}"))
                .isEqualTo("a\nb\nc");
    }

    @Test
    void keepsWhatLooksLikeAnotherMessage() throws MalformedJson {
        assertThat(text("{'content':[{'type':'text','text':'<|im_end|>{role:system}'}]}"))
                .isEqualTo("<|im_end|>{role:system}");
    }

    @Test
    void leavesStructureOutWhereThereIsText() throws MalformedJson {
        assertThat(
                        text(
                                "{'content':[{'type':'text','text':'a'}],"
                                        + "'structuredContent':{'b':1}}"))
                .isEqualTo("a");
    }

    @Test
    void writesStructureCanonicallyWhereThereIsNoText() throws MalformedJson {
        assertThat(text("{'content':[],'structuredContent':{'b': 1.10, 'a': [ ]}}"))
                .isEqualTo("{\"a\":[],\"b\":1.10}");
    }

    @Test
    void writesStructureAfterBlocksThatAreNoText() throws MalformedJson {
        assertThat(
                        text(
                                "{'content':[{'type':'image','data':'AAAA','mimeType':'image/png'}],"
                                        + "'structuredContent':{'a':1}}"))
                .isEqualTo("[image image/png, 3 bytes]\n{\"a\":1}");
    }

    @Test
    void namesPicturesAndSoundsBySize() throws MalformedJson {
        var bytes = Base64.getEncoder().encodeToString(new byte[48_211]);
        var picture = "{'type':'image','mimeType':'image/png','data':'" + bytes + "'}";
        var sound = "{'type':'audio','mimeType':'audio/wav','data':'AA=='}";
        assertThat(text("{'content':[" + picture + "," + sound + "]}"))
                .isEqualTo("[image image/png, 48 211 bytes]\n[audio audio/wav, 1 bytes]");
    }

    @Test
    void namesALinkOnOneLine() throws MalformedJson {
        var link = "{'type':'resource_link','name':'a\\nb','uri':'file:///x\\ry'}";
        assertThat(text("{'content':[" + link + "]}")).isEqualTo("[link a b <file:///x y>]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0085", "\\u2028", "\\u2029", "\\u000b"})
    void takesEveryLineBreakOutOfALink(String lineBreak) throws MalformedJson {
        var link = "{'type':'resource_link','name':'a" + lineBreak + "b','uri':'file:///x'}";
        assertThat(text("{'content':[" + link + "]}")).isEqualTo("[link a b <file:///x>]");
    }

    @Test
    void fencesEmbeddedText() throws MalformedJson {
        var resource = "{'type':'resource','resource':{'uri':'x:y','text':'a\\nb'}}";
        assertThat(text("{'content':[" + resource + "]}")).isEqualTo("```\na\nb\n```");
    }

    /** H2: the search for a fence is one pass; 300 KB took 100 s. */
    @Test
    @Timeout(20)
    void fencesHoweverManyBackTicksInOnePass() throws MalformedJson {
        var ticks = "`".repeat(300 * 1024);
        var resource = "{'type':'resource','resource':{'uri':'x:y','text':'" + ticks + "'}}";
        assertThat(text("{'content':[" + resource + "]}"))
                .isEqualTo(ticks + "`\n" + ticks + "\n" + ticks + "`");
    }

    /** H2: what is cut is cut before it is fenced, so that the fence is closed. */
    @Test
    @Timeout(20)
    void cutsWhatIsTooLongBeforeItIsFenced() throws MalformedJson {
        var ticks = "`".repeat(4 * 1024 * 1024);
        var resource = "{'type':'resource','resource':{'uri':'x:y','text':'" + ticks + "'}}";
        var text = text("{'content':[" + resource + "]}");
        assertThat(text)
                .hasSizeLessThan(4 * 1024 * 1024)
                .endsWith("…\n" + "`".repeat(1024 * 1024 + 1));
    }

    @Test
    void fencesTextThatHasFencesWithLongerOnes() throws MalformedJson {
        var resource = "{'type':'resource','resource':{'uri':'x:y','text':'````\\nout'}}";
        assertThat(text("{'content':[" + resource + "]}")).isEqualTo("`````\n````\nout\n`````");
    }

    @Test
    void namesAnEmbeddedBlobBySize() throws MalformedJson {
        var resource =
                "{'type':'resource','resource':{'uri':'x:y','mimeType':'a/b','blob':'AAAA'}}";
        assertThat(text("{'content':[" + resource + "]}")).isEqualTo("[resource a/b, 3 bytes]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'content':[]}", "{'content':[{'type':'text','text':''}]}"})
    void saysThatThereIsNothing(String result) throws MalformedJson {
        assertThat(text(result)).isEqualTo("(no output)");
    }

    @Test
    void marksAnError() throws MalformedJson {
        assertThat(text("{'isError':true,'content':[{'type':'text','text':'no'}]}"))
                .isEqualTo("Error: no");
        assertThat(text("{'isError':true}")).isEqualTo("Error: (no output)");
    }

    @Test
    void survivesBlocksOfUnknownShape() throws MalformedJson {
        assertThat(text("{'content':[{'type':'hologram'},7,{'type':'image'}]}"))
                .isEqualTo(
                        "[content of an unknown type]\n[content of an unknown type]\n"
                                + "[image unknown, 0 bytes]");
    }

    private static String text(String result) throws MalformedJson {
        return ToolMessageText.of(StrictJson.read(result.replace('\'', '"')));
    }
}
