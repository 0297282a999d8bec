package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

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
        assertThat(text("{'content':[{'type':'hologram'},7,null,{'type':'image'}]}"))
                .isEqualTo("{\"type\":\"hologram\"}\n7\n[image unknown, 0 bytes]");
    }

    /** A8: what is text is read, whatever it is called, and what is none is JSON. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'content':[{'type':'text','text':{'ok':true}}]} | {'ok':true}",
                "{'content':[{'type':'text','text':[2, 1.10]}]} | [2,1.10]",
                "{'content':[{'type':'text','text':42.50},{'type':'text','text':false}]} | 42.50^false",
                "{'content':[{'type':'text','text':null}],'structuredContent':7} | 7",
                "{'content':[{'text':'hi'}]} | hi",
                "{'content':[{'type':'markdown','text':'# x'}]} | # x",
                "{'content':[{'type':null,'text':'a'},{'type':7,'text':'b'}]} | a^b",
                "{'content':[{'type':'html','text':'<p>'}],'structuredContent':{'a':1}} | <p>",
                "{'content':[{'type':'json','json':{'a': 1}}]} | {'json':{'a':1},'type':'json'}",
                "{'content':[{'type':'table','text':{'b':1},'a':[]}]} | {'a':[],'text':{'b':1},'type':'table'}",
                "{'content':[{'value':1},[2],true]} | {'value':1}^[2]^true",
                "{'content':7} | 7",
                "{'content':[{'type':'resource','resource':{'text':{'b':1}}}]} | ```^{'b':1}^```",
                "{'temperature':20} | {'temperature':20}",
                "{'b':[1.10],'a':null,'_meta':{'x':1},'isError':false} | {'a':null,'b':[1.10]}",
                "{'content':null,'structuredContent':null,'toolResult':'done'} | {'toolResult':'done'}",
                "{'isError':true,'message':'no space'} | Error: {'message':'no space'}",
                "{'_meta':{'x':1},'resultType':'complete'} | (no output)",
                "{'content':[],'temperature':20} | (no output)",
                "{'structuredContent':{'a':1},'temperature':20} | {'a':1}"
            })
    void showsWhatIsThereHoweverItIsWritten(String result, String shown) throws MalformedJson {
        assertThat(text(result)).isEqualTo(shown.replace('\'', '"').replace('^', '\n'));
    }

    /** A8 and A9: bytes are bytes in it, too. */
    @Test
    void writesASizeInPlaceOfBytesOfAnUnknownKind() throws MalformedJson {
        var base64 = Base64.getEncoder().encodeToString(bytes(3_000));
        assertThat(text("{'content':[{'type':'picture','data':'" + base64 + "'}]}"))
                .isEqualTo("{\"data\":\"[binary, 3 000 bytes]\",\"type\":\"picture\"}");
        assertThat(text("{'picture':'" + base64 + "'}"))
                .isEqualTo("{\"picture\":\"[binary, 3 000 bytes]\"}");
    }

    /** A8. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'content':[],'structuredContent':[{'b':2,'a':1},7]} | [{'a':1,'b':2},7]",
                "{'structuredContent':42.50} | 42.50",
                "{'structuredContent':false} | false",
                "{'structuredContent':'four words'} | 'four words'",
                "{'content':null,'structuredContent':{}} | {}",
                "{'content':[{'type':'text','text':' '}],'structuredContent':[1]} | [1]",
                "{'content':[{'type':'text'}],'structuredContent':{'a':[]}} | {'a':[]}",
                "{'content':[''],'structuredContent':0} | 0",
                "{'content':'plain text','structuredContent':{'a':1}} | plain text",
                "{'content':{'type':'text','text':'one block'}} | one block",
                "{'content':['a b']} | a b",
                "{'content':'','structuredContent':null} | (no output)"
            })
    void showsWhateverStructureThereIs(String result, String shown) throws MalformedJson {
        assertThat(text(result)).isEqualTo(shown.replace('\'', '"'));
    }

    /** A9. */
    @Test
    void writesASizeInPlaceOfBytes() throws MalformedJson {
        var base64 = Base64.getEncoder().encodeToString(bytes(3_000));
        var url = Base64.getUrlEncoder().encodeToString(bytes(3_000));
        var mime = Base64.getMimeEncoder().encodeToString(bytes(3_000)).replace("\r\n", "\\r\\n");
        var hex = HexFormat.of().formatHex(bytes(3_000));
        for (var spelling : List.of(base64, url, hex)) {
            assertThat(text("{'structuredContent':{'data':'" + spelling + "','n':1}}"))
                    .isEqualTo("{\"data\":\"[binary, 3 000 bytes]\",\"n\":1}");
            assertThat(text("{'content':[{'type':'text','text':'see " + spelling + " there'}]}"))
                    .isEqualTo("see [binary, 3 000 bytes] there");
        }
        assertThat(text("{'content':'x " + mime + "'}")).matches("x \\[binary, 3 0\\d\\d bytes]");
        assertThat(text("{'structuredContent':['" + mime + "']}"))
                .matches("\\[\"\\[binary, 3 1\\d\\d bytes]\"]");
    }

    /** A9. */
    @Test
    void writesASizeInPlaceOfADataUrl() throws MalformedJson {
        var base64 = Base64.getEncoder().encodeToString(bytes(300));
        assertThat(text("{'content':'![a](data:image/png;base64," + base64 + ") b'}"))
                .isEqualTo("![a]([image image/png, 300 bytes]) b");
        assertThat(
                        text(
                                "{'structuredContent':{'u':'DATA:application/pdf;a=b;base64,"
                                        + base64
                                        + "'}}"))
                .isEqualTo("{\"u\":\"[binary application/pdf, 300 bytes]\"}");
        assertThat(
                        text(
                                "{'content':'data:image/svg+xml;charset=utf8,"
                                        + "%3Csvg".repeat(100)
                                        + "'}"))
                .isEqualTo("[image image/svg+xml, 600 bytes]");
        assertThat(
                        text(
                                "{'structuredContent':{'type':'Buffer','data':["
                                        + "7,".repeat(99)
                                        + "8]}}"))
                .contains("[binary, 100 bytes]");
    }

    /** A9: JSON in a text escapes what stands in base64, and JSON in that once more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\/ +",
                "/ \\u002B",
                "\\/ \\u002b",
                "\\u002F \\u002B",
                "\\\\/ \\\\u002B",
                "\\\\\\/ \\\\\\u002b"
            })
    void writesASizeInPlaceOfEscapedBytes(String escapes) {
        var base64 = Base64.getEncoder().encodeToString(bytes(3_001));
        var slash = escapes.split(" ")[0];
        var plus = escapes.split(" ")[1];
        var escaped = base64.replace("/", slash).replace("+", plus);
        assertThat(written("{\"data\":\"" + escaped + "\"}"))
                .isEqualTo("{\"data\":\"[binary, 3 003 bytes]\"}");
        assertThat(written(escaped.replace("=", "\\u003d") + " there"))
                .isEqualTo("[binary, 3 003 bytes] there");
        assertThat(written("x data:image" + slash + "svg" + plus + "xml;base64," + escaped + ")"))
                .isEqualTo("x [image image/svg+xml, 3 003 bytes])");
        assertThat(written("\"data:image" + slash + "png;base64," + escaped + "\\n\""))
                .isEqualTo("\"[image image/png, 3 003 bytes]\\n\"");
        var lines = Base64.getMimeEncoder().encodeToString(bytes(3_000));
        assertThat(written(lines.replace("/", slash).replace("+", plus).replace("\r\n", "\\r\\n")))
                .matches("\\[binary, 3 [01]\\d\\d bytes]");
    }

    /** A9: paths are no bytes, whoever escapes their slashes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https:\\/\\/example.test\\/a\\/b?c=\\u002B ",
                "a\\/b.c\\/",
                "\\n\\/home\\/me ",
                "\\u002B, ",
                "\\\\\\\\\\\\\\\\\\/",
                "x\\u003d\\/ "
            })
    void keepsWhatIsEscapedAndNoBytes(String piece) {
        var text = piece.repeat(300).strip();
        assertThat(written(text)).isEqualTo(text);
    }

    /** A text block, with exactly these characters. */
    private static String written(String text) {
        var result = JsonNodeFactory.instance.objectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return ToolMessageText.of(result);
    }

    /** A9: escapes make the search no longer. */
    @ParameterizedTest
    @Timeout(20)
    @ValueSource(
            strings = {
                "\\",
                "\\/",
                "\\u002B",
                "\\\\\\/",
                "aB3\\/",
                "\\u002Ba ",
                "\\n\\/aB3",
                "data:a\\/",
                "data:a\\/b,aB3\\/"
            })
    void looksForEscapedBytesInOnePass(String piece) {
        assertThat(written(piece.repeat(4 * 1024 * 1024 / piece.length()))).isNotEmpty();
        var nearly = piece.repeat(500 / piece.length()) + " ";
        assertThat(written(nearly.repeat(4 * 1024 * 1024 / nearly.length()))).isNotEmpty();
    }

    /** A9. */
    @Test
    void keepsWordsHoweverLong() throws MalformedJson {
        var bases = "GATTACA".repeat(200);
        var digest = HexFormat.of().formatHex(bytes(64));
        var words = "a-b_c/d ".repeat(200);
        var lines =
                "one line of ordinary prose is never an encoding of anything at all\\n".repeat(9);
        for (var text :
                List.of(
                        bases,
                        digest,
                        words.strip(),
                        lines.strip(),
                        "x".repeat(2_000),
                        "data:text/plain,hi")) {
            assertThat(text("{'content':'" + text + "'}")).isEqualTo(text.replace("\\n", "\n"));
        }
    }

    /** A9: the search for bytes is one pass. */
    @Test
    @Timeout(20)
    void looksForBytesInOnePass() throws MalformedJson {
        for (var piece :
                List.of("a", "A1", "data:", "a+/ ", "aB3/".repeat(15) + "\\n", "{[", "1,")) {
            var text = piece.repeat(4 * 1024 * 1024 / piece.length());
            assertThat(text("{'content':'" + text + "'}")).isNotEmpty();
        }
    }

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static String text(String result) throws MalformedJson {
        return ToolMessageText.of(StrictJson.read(result.replace('\'', '"')));
    }
}
