package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes with the status of a success: answers, errors in their place, and neither. */
class SuccessStatusTest {
    private static final List<String> MODES = List.of("", "\"stream\":true");

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }

    /** A11: what those say of an error who have members of their own for it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'base_resp':{'status_code':1008,'status_msg':'Busy now'}}",
                "{'id':'x','choices':null,'base_resp':{'status_code':1002,'status_msg':'Busy now'}}",
                "{'choices':[],'base_resp':{'status_code':'2013','status_msg':'Busy now'}}",
                "{'error':true,'message':'Busy now'}",
                "{'error_code':336,'error_msg':'Busy now'}",
                "{'error_code':'BAD_REQUEST','message':'Busy now'}",
                "{'code':400,'message':'Busy now'}",
                "{'code':20012,'message':'Busy now','data':null}",
                "{'code':'1113','msg':'Busy now'}",
                "{'code':-1,'msg':'Busy now'}",
                "{'success':false,'errors':[{'code':7,'message':'Busy now'}]}"
            })
    void anErrorIsOneInWhateverMembers(String error) throws Exception {
        var event = "data: " + error + "\n\n";
        for (var model : List.of("plain", "agent")) {
            for (var mode : MODES) {
                for (var body : mode.isEmpty() ? List.of(error) : List.of(event, CHUNK + event)) {
                    try (var provider = RawProvider.answering(200, "text/plain", json(body));
                            var server = ChatServer.of(Tenant.at(provider.endpoint()))) {
                        var answer = server.chat(Bodies.ask(model, mode));
                        assertThat(answer.errorCode()).isEqualTo("upstream_error");
                        assertThat(answer.body()).contains("Busy now").doesNotContain("[DONE]");
                        assertThat(server.records.nextEnd().status()).isEqualTo("failed");
                    }
                }
            }
        }
    }

    private static final String CHUNK =
            "data: {'id':'c','object':'chat.completion.chunk','created':1,'model':'m',"
                    + "'choices':[{'index':0,'delta':{'role':'assistant','content':'Hi'},'finish_reason':null}]}\n\n";

    /** A11: members that say that all is well, or that stand beside an answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'base_resp':{'status_code':0,'status_msg':'success'}",
                "'error_code':0,'error_msg':''",
                "'code':200,'message':'success'",
                "'code':'0','msg':'ok'",
                "'success':true",
                "'error':false",
                "'error':null,'code':null"
            })
    void aSuccessIsNoError(String members) throws Exception {
        var whole =
                "{'id':'c','object':'chat.completion','created':1,'model':'m',"
                        + members
                        + ",'choices':[{'index':0,'message':{'role':'assistant','content':'Hi',"
                        + "'refusal':null},'logprobs':null,'finish_reason':'stop'}]}";
        var chunk = CHUNK.replace("{'id'", "{" + members + ",'id'").replace(":null}]", ":'stop'}]");
        var silent = "data: {" + members + "}\n\n";
        for (var model : List.of("plain", "agent")) {
            for (var mode : MODES) {
                for (var body : mode.isEmpty() ? List.of(whole) : List.of(chunk, silent + chunk)) {
                    try (var provider = RawProvider.answering(200, "text/plain", json(body));
                            var server = ChatServer.of(Tenant.at(provider.endpoint()))) {
                        var request = server.request("/chat/completions");
                        var ask = BodyPublishers.ofString(Bodies.ask(model, mode));
                        var answer =
                                server.send(request.POST(ask).build(), BodyHandlers.ofString());
                        assertThat(answer.body()).contains("Hi").doesNotContain("upstream_");
                        assertThat(server.records.nextEnd().status()).isEqualTo("ok");
                    }
                }
            }
        }
    }

    /** A11: a completion is one whatever success it comes with. */
    @ParameterizedTest
    @CsvSource({"200, true", "201, true", "203, true", "299, true", "300, false", "304, false"})
    void anAnswerMayComeWithAnySuccess(int status, boolean taken) throws Exception {
        var whole =
                "{'id':'c','object':'chat.completion','created':1,'model':'m','choices':[{'index':0,"
                        + "'message':{'role':'assistant','content':'Hi','refusal':null},'logprobs':null,"
                        + "'finish_reason':'stop'}]}";
        var stream = CHUNK.replace("null}]", "'stop'}]") + "data: [DONE]\n\n";
        for (var model : List.of("plain", "agent")) {
            for (var mode : MODES) {
                var body = json(mode.isEmpty() ? whole : stream);
                try (var odd = RawSocket.answering(raw(status, body));
                        var server = ChatServer.of(Tenant.at(odd.endpoint()))) {
                    var answer = server.chat(Bodies.ask(model, mode));
                    assertThat(answer.status()).isEqualTo(taken ? 200 : 502);
                    assertThat(answer.text()).isEqualTo(taken ? "Hi" : "");
                }
            }
        }
    }

    /** A11: what was accepted, or has no body, is no answer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"202 | {'status':'queued'}", "201 | {}", "204 |", "205 |", "202 | "})
    void aSuccessWithoutAnAnswerIsAFailure(int status, String body) throws Exception {
        var bytes = raw(status, json(String.valueOf(body).replace("null", "")));
        for (var model : List.of("plain", "agent")) {
            for (var mode : MODES) {
                try (var odd = RawSocket.answering(bytes);
                        var server = ChatServer.of(Tenant.at(odd.endpoint()))) {
                    var answer = server.chat(Bodies.ask(model, mode));
                    assertThat(answer.errorCode()).startsWith("upstream_");
                    assertThat(server.records.nextEnd().status()).isEqualTo("failed");
                }
            }
        }
    }

    private static byte[] raw(int status, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head =
                "HTTP/1.1 %d Fine\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
                        .formatted(status, bytes.length);
        return (head + body).getBytes(StandardCharsets.UTF_8);
    }
}
