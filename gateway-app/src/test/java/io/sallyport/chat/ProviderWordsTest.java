package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client hears of what a provider says of an error. */
class ProviderWordsTest {
    private static final List<String> MODES = List.of("", "\"stream\":true");

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }

    private static Answer answer(RawProvider provider, String model, String mode) throws Exception {
        try (provider;
                var server = ChatServer.of(Tenant.at(provider.endpoint()))) {
            var answer = server.chat(Bodies.ask(model, mode));
            assertThat(server.gate.names()).isEmpty();
            return answer;
        }
    }

    /** D00: code, type and parameter of OpenAI's API pass as they are. */
    @ParameterizedTest
    @CsvSource({
        "400, context_length_exceeded, invalid_request_error, messages",
        "400, unsupported_value, invalid_request_error, temperature",
        "400, string_above_max_length, invalid_request_error, messages[0].content[1].text",
        "400, invalid_function_parameters, invalid_request_error, tools[0].function.parameters",
        "404, model_not_found, invalid_request_error, model",
        "413, request_too_large, invalid_request_error, messages",
        "429, rate_limit_exceeded, tokens, n",
        "429, insufficient_quota, insufficient_quota, n"
    })
    void whatClientsDecideByPasses(int status, String code, String type, String param)
            throws Exception {
        var body =
                json(
                        "{'error':{'message':'Too long by 12 tokens.','type':'%s','param':'%s','code':'%s'}}"
                                .formatted(type, param, code));
        for (var model : List.of("plain", "agent")) {
            for (var mode : MODES) {
                var provider = RawProvider.answering(status, "application/json", body);
                var answer = answer(provider, model, mode);
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.json()).isEqualTo(Answer.parse(body));
            }
        }
    }

    /** D00: everything else is ours. */
    @ParameterizedTest
    @CsvSource({
        "'sk_internal', 'BadRequestError', '/etc/passwd'",
        "'cluster-7', 'x_error', 'tools[0].function.parameters; drop'",
        "'', '', 'internal.host'"
    })
    void whatNobodyKnowsStaysOut(String code, String type, String param) throws Exception {
        var body =
                json(
                        "{'error':{'message':'No.','type':'%s','param':'%s','code':'%s','inner':{'trace':'t'}}}"
                                .formatted(type, param, code));
        var answer = answer(RawProvider.answering(400, "application/json", body), "plain", "");
        assertThat(answer.json())
                .isEqualTo(
                        Answer.parse(
                                json(
                                        "{'error':{'message':'No.','type':'invalid_request_error','param':null,"
                                                + "'code':'invalid_request'}}")));
    }

    /** D00: the message passes in whatever shape it comes, through the one renderer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'message':'%s','code':400}}",
                "{'error':'%s'}",
                "{'message':'%s','object':'error'}",
                "[{'error':{'message':'%s','status':'INVALID_ARGUMENT'}}]",
                "{'detail':'%s'}",
                "{'detail':[{'loc':['body'],'msg':'%s'}]}",
                "{'errors':[{'message':'%s'}]}",
                "{'object':'error','message':{'detail':[{'type':'x','loc':['body'],'msg':'%s'}]}}",
                "{'detail':[{'loc':[],'msg':'%s'},{'loc':['body','n'],'msg':'other'}]}",
                "%s",
                "\ufeff{'error':{'message':'%s'}}"
            })
    void theMessagePassesRendered(String shape) throws Exception {
        var said =
                "Too long in org-AbCdEf123456 with key provider-key or c2stcHJvdmlkZXIta2V5 or sk-abcdefgh1234,"
                        + " see https://internal.example/x\u202e";
        var body = json(shape.formatted(said));
        var answer = answer(RawProvider.answering(400, "application/json", body), "plain", "");
        assertThat(answer.json().at("/error/message").asString())
                .isEqualTo(
                        "Too long in [id] with key [redacted] or c2st[redacted] or [key],"
                                + " see [url]");
    }

    /** D00. */
    @Test
    void aLongMessageIsCutAndAPageIsNone() throws Exception {
        for (var body :
                List.of(
                        "{'error':{'message':'" + "word ".repeat(9_000) + "'}}",
                        "<html>no</html>")) {
            var provider = RawProvider.answering(400, "text/html", json(body));
            var message = answer(provider, "plain", "").json().at("/error/message").asString();
            assertThat(message.length()).isLessThanOrEqualTo(500);
            assertThat(message).doesNotContain("<");
        }
    }

    /** A11. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream | event: error~data: {'type':'error','error':{'type':'overloaded_error','message':'Busy now'}}~~ | Busy now",
                "text/event-stream | data: {'error':{'message':'Busy now','code':'server_busy'}}~~ | Busy now",
                "text/event-stream | data: {'error':'Busy now'}~~ | Busy now",
                "text/event-stream | event: error~data: Busy now | Busy now",
                "text/event-stream | data: {'object':'error','message':'Busy now','code':400} | Busy now",
                "application/json | {'error':{'message':'Busy now'}} | Busy now",
                "application/json | {'choices':[]} | is one body, although a stream was asked for",
                "text/plain | {'error':{'message':'Busy now'}} | Busy now",
                "application/x-ndjson | [{'error':{'message':'Busy now'}}] | Busy now",
                "application/octet-stream | {'choices':[ | is one body, although a stream was asked for",
                "text/html | <html> | is a web page",
                "text/plain | Busy now | has no events",
                "text/event-stream | : nothing~~ | has no events"
            })
    void aStreamThatIsNoneSaysWhatItIs(String type, String body, String said) throws Exception {
        for (var model : List.of("plain", "agent")) {
            var provider = RawProvider.answering(200, type, json(body).replace('~', '\n'));
            var answer = answer(provider, model, "\"stream\":true");
            assertThat(answer.body()).contains(said);
            assertThat(answer.errorCode()).startsWith("upstream_");
        }
    }

    /** A11: an error of a kind that clients know keeps its code, whenever it comes. */
    @Test
    void anErrorInAStreamKeepsItsCode() throws Exception {
        var error = "data: {'error':{'message':'Too long.','code':'context_length_exceeded'}}\n\n";
        var chunk =
                "data: {'id':'c','object':'chat.completion.chunk','created':1,'model':'m',"
                        + "'choices':[{'index':0,'delta':{'role':'assistant','content':'Hi'},'finish_reason':null}]}\n\n";
        for (var model : List.of("plain", "agent")) {
            for (var body : List.of(error, chunk + error)) {
                var answer = answer(RawProvider.streaming(json(body)), model, "\"stream\":true");
                assertThat(answer.errorCode()).isEqualTo("context_length_exceeded");
                assertThat(answer.body()).contains("Too long.");
            }
        }
    }

    /** A11. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data: {'choices':[]} | is a stream, which was not asked for",
                "<!doctype html> | is a web page",
                "[{'choices':[]}] | is JSON, but no object",
                "{'choices': | is not valid JSON",
                "{'error':'Busy now'} | Busy now",
                "{'object':'error','message':'Busy now'} | Busy now",
                "{'a':1,'a':2} | has a duplicate key"
            })
    void aBodyThatIsNoCompletionSaysWhatItIs(String body, String said) throws Exception {
        for (var model : List.of("plain", "agent")) {
            var answer = answer(RawProvider.answeringJson(json(body)), model, "");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains(said);
        }
    }

    /** A11: what is compressed is never inflated, and named. */
    @Test
    void aCompressedAnswerIsNamed() throws Exception {
        var gzip = new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0};
        for (var encoding : List.of("gzip", "br", "identity")) {
            var provider =
                    RawProvider.behaving(exchange -> {
                        exchange.getResponseHeaders().set("content-encoding", encoding);
                        exchange.sendResponseHeaders(200, gzip.length);
                        exchange.getResponseBody().write(gzip);
                    });
            assertThat(answer(provider, "plain", "").body()).contains("is compressed");
        }
    }

    /** A11: a byte order mark, and no type at all. */
    @Test
    void whatCanBeReadIsRead() throws Exception {
        var whole =
                "\ufeff{'id':'c','object':'chat.completion','created':1,'model':'m','choices':[{'index':0,"
                        + "'message':{'role':'assistant','content':'Hi','refusal':null},'logprobs':null,"
                        + "'finish_reason':'stop'}]}";
        var stream =
                "\ufeffdata: {'id':'c','object':'chat.completion.chunk','created':1,'model':'m','choices':"
                        + "[{'index':0,'delta':{'role':'assistant','content':'Hi'},'finish_reason':'stop'}]}\n\n"
                        + "data: [DONE]\n\n";
        for (var model : List.of("plain", "agent")) {
            for (var type : List.of("application/json", "text/plain", "text/html")) {
                var provider = RawProvider.answering(200, type, json(stream));
                assertThat(answer(provider, model, MODES.getLast()).text()).isEqualTo("Hi");
            }
            for (var mode : MODES) {
                var bytes = json(mode.isEmpty() ? whole : stream).getBytes(StandardCharsets.UTF_8);
                var provider =
                        RawProvider.behaving(exchange -> {
                            exchange.sendResponseHeaders(200, bytes.length);
                            exchange.getResponseBody().write(bytes);
                        });
                assertThat(answer(provider, model, mode).text()).isEqualTo("Hi");
            }
        }
    }

    /** A11: a connection that breaks is not one that never was. */
    @Test
    void aBrokenConnectionIsNamed() throws Exception {
        var head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
        try (var provider = RawSocket.answering(head.getBytes(StandardCharsets.UTF_8));
                var server = ChatServer.of(Tenant.at(provider.endpoint()))) {
            assertThat(server.chat(Bodies.ask("plain", "")).body()).contains("broke off");
        }
    }

    /** A10: one tool that a provider refuses does not cost the request, and is named. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'message':'Invalid schema for function \\'notes__list_notes\\': no items','code':'invalid_function_parameters'}}",
                "{'error':{'message':'Bad.','param':'tools[4].function.parameters'}}",
                "{'type':'error','error':{'message':'tools.4.custom.input_schema: JSON schema is invalid'}}",
                "[{'error':{'code':400,'message':'tools[0].function_declarations[4].parameters: missing field'}}]"
            })
    void aRefusedToolIsLeftOutAndNamed(String refusal) throws Exception {
        for (var mode : MODES) {
            try (var odd = OddProvider.refusing(400, json(refusal.replace("\\'", "`")))) {
                var answer = odd.server().chat(Bodies.ask("agent", mode));
                assertThat(answer.text()).isEqualTo("Done.");
                assertThat(answer.report().path("warnings").path(0).asString())
                        .matches("tool_left_out: (notes|weather)/[a-z_]+");
                assertThat(odd.requests()).isEqualTo(2);
            }
        }
    }

    /** A10: the place is told apart from the words. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'object':'error','message':{'detail':[{'loc':['body','tools',4,'function','parameters'],'msg':'Bad'}]}} | tools[4].function.parameters: Bad",
                "{'detail':[{'loc':['body','tools',4],'msg':'Bad'},{'loc':['body','n'],'msg':'No'}]} | tools[4]: Bad",
                "{'detail':[{'loc':['body','tools','list[tagged-union[Tool]]',4,'Tool','strict'],'msg':'Bad'}]} | tools[4].Tool.strict: Bad",
                "{'error':{'message':{'detail':[{'loc':['tools',4,{},null,-1,1234567,'a b'],'msg':'Bad'}]}}} | tools[4]: Bad",
                "{'detail':[{'loc':['body','tools',4,'body','x'],'msg':'Bad'}]} | tools[4].body.x: Bad",
                "{'errors':[{'loc':['body','tools',4],'message':'Bad'}]} | tools[4]: Bad"
            })
    void thePlaceOfAFindingIsTold(String refusal, String told) throws Exception {
        var body = json(refusal);
        for (int status : new int[] {400, 422}) {
            var provider = RawProvider.answering(status, "application/json", body);
            var answer = answer(provider, "plain", "");
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.json().at("/error/message").asString()).isEqualTo(told);
            try (var odd = OddProvider.refusing(status, body)) {
                var report = odd.server().chat(Bodies.ask("agent", "")).report();
                assertThat(report.at("/warnings/0").asString())
                        .matches("tool_left_out: (notes|weather)/[a-z_]+");
            }
        }
    }

    /** Providers quote what they refuse: the log learns its kind, never its words. */
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 410, 418, 429, 451, 499, 500, 503})
    void noWordsReachTheLog(int status) throws Exception {
        var terminal = System.out;
        var log = new ByteArrayOutputStream();
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            var body =
                    json(
                            "{'error':{'message':'crm__find got {iban: DE89}','code':'invalid_value'}}");
            answer(RawProvider.answering(status, "application/json", body), "agent", "");
        } finally {
            System.setOut(terminal);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("chat request")
                .doesNotContain("DE89", "crm__find");
    }

    /** A10: a refusal that names no server tool is the client's. */
    @Test
    void anotherRefusalIsTold() throws Exception {
        for (var refusal :
                List.of(
                        "{'error':{'message':'notes__list_notes made it too long','code':'context_length_exceeded'}}",
                        "{'error':{'message':'Bad.','param':'tools[0].function.parameters'}}",
                        "{'error':{'message':'tools.99.custom: no'}}")) {
            var provider = RawProvider.answering(400, "application/json", json(refusal));
            var mode = "\"tools\":[" + Bodies.function("mine") + "]";
            assertThat(answer(provider, "agent", mode).status()).isEqualTo(400);
        }
    }
}
