package io.sallyport.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import io.sallyport.bridge.ByteBudget;
import io.sallyport.edge.GuardedBodies;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** H3: what is held of streamed answers counts like whole ones, however they come in pieces. */
class StreamRoomTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int ROOM = 20 * MEBIBYTE; // of which a key has two fifths
    private static final String END = "'delta':{},'finish_reason':'tool_calls'";

    private final ByteBudget budget = new ByteBudget(ROOM);

    private ChatServer server(RawProvider provider) {
        var tenant = Tenant.at(provider.endpoint());
        return ChatServer.of(tenant, tenant.governance(), List.of(GuardedBodies.within(budget)));
    }

    /** What a client gets, and then nothing is held any more. */
    private String ask(ChatServer server, String model, String more) throws Exception {
        var body = Bodies.ask(model, "\"stream\":true" + more);
        var request = server.request("/chat/completions").POST(BodyPublishers.ofString(body));
        var answer = server.send(request.build(), BodyHandlers.ofString()).body();
        await().untilAsserted(() -> assertThat(budget.held()).isZero());
        return answer;
    }

    /** Answers with the event so often, {@code #} being its number, until nobody reads any more. */
    private static RawProvider streaming(String event, int times) throws IOException {
        return RawProvider.behaving(exchange -> {
            exchange.getResponseHeaders().set("content-type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            for (int at = 0; at < times; at++) {
                send(exchange, event.replace("#", Integer.toString(at)));
            }
            send(exchange, OddProvider.events(END) + OddProvider.DONE);
        });
    }

    private static void send(HttpExchange exchange, String events) throws IOException {
        exchange.getResponseBody().write(events.getBytes(UTF_8));
    }

    private static String choice(String members) {
        return OddProvider.events(members);
    }

    private static String padded(String event) {
        return event.replace("PAD", "x".repeat(3_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'delta':{'content':'PAD'}",
                "'delta':{'reasoning_content':'PAD'}",
                "'delta':{'refusal':'PAD'}",
                "'delta':{'tool_calls':[{'index':0,'function':{'arguments':'PAD'}}]}",
                "'delta':{'tool_calls':[{'index':0,'function':{'name':'PAD'}}]}",
                "'delta':{'tool_calls':[{'index':0,'id':'#PAD'}]}",
                "'delta':{'tool_calls':[{'index':#,'function':{'name':'PAD'}}]}",
                "'delta':{'details':[{'text':'PAD','index':#}]}",
                "'delta':{'details':['PAD']}",
                "'delta':{'content':[{'type':'thinking','thinking':'PAD'}]}"
            })
    void whatIsKeptOfAStreamIsCounted(String choice) throws Exception {
        var event = padded(choice(choice));
        try (var provider = streaming(event, 10_000);
                var server = server(provider)) {
            assertThat(ask(server, "agent", "")).containsAnyOf("overloaded", "response_too_large");
            assertThat(server.gate.names()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'delta':{'content':'x'}}],'a#':1}",
                "{'choices':[{'delta':{'a#':'x'}}]}",
                "{'choices':[{'delta':{'a#':[1]}}]}",
                "{'choices':[{'delta':{'a#':{'b':1}}}]}",
                "{'choices':[{'delta':{'tool_calls':[{'index':0,'a#':1}]}}]}",
                "{'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'a#':'x'}}]}}]}",
                "{'choices':[{'delta':{'details':[{'index':0,'a#':'x'}]}}]}"
            })
    void noPlaceHasMoreMembersThanAModelWrites(String payload) throws Exception {
        try (var provider = streaming(OddProvider.event(payload), 200);
                var server = server(provider)) {
            for (var more : List.of("", ",\"response_format\":{\"type\":\"json_object\"}")) {
                assertThat(ask(server, "agent", more)).contains("response_too_large");
                assertThat(server.gate.names()).isEmpty();
            }
        }
    }

    /** Four megabytes of the smallest nodes are a tree of nearly two hundred. */
    @ParameterizedTest
    @CsvSource({
        "agent, ''",
        "agent, '\"error\":null,'",
        "plain, '\"error\":null,'",
        "plain, '\"usage\":{},'",
        "plain, '\"choices\":[{\"finish_reason\":\"\"}],'"
    })
    void noTreeIsMadeThatIsTooHeavy(String model, String members) throws Exception {
        var nested = "[".repeat(50) + "]".repeat(50) + ",";
        var event = "data: {" + members + "\"x\":[" + nested.repeat(2 * MEBIBYTE / 101) + "0]}\n\n";
        try (var provider = streaming(event, 1);
                var server = server(provider)) {
            assertThat(ask(server, model, "")).contains("overloaded");
        }
    }

    /** A slow client has few of them waiting, and all of them count. */
    @ParameterizedTest
    @CsvSource({"agent, 10000", "plain, 10000", "plain, 100000", "plain, 2000000"})
    void eventsThatAreLongAreCounted(String model, int length) throws Exception {
        var event = choice("'delta':{'x':'" + "x".repeat(length) + "'}");
        try (var provider = streaming(event, 4 * ROOM / length);
                var server = server(provider)) {
            assertThat(ask(server, model, "")).contains("overloaded");
        }
    }

    /** Texts, members that come again with each chunk, and usage that is told all the time. */
    @Test
    void anOrdinaryStreamCountsForNothing() throws Exception {
        var event =
                OddProvider.event(
                        "{'id':'chatcmpl-#','object':'chat.completion.chunk','created':1,"
                                + "'model':'m','system_fingerprint':'fp_0123456789',"
                                + "'usage':{'prompt_tokens':1,'completion_tokens':#},'choices':"
                                + "[{'index':0,'delta':{'content':'w '},'finish_reason':null}]}");
        var small = new ByteBudget(10_000); // the body of the request
        try (var provider = streaming(event, 5_000)) {
            var tenant = Tenant.at(provider.endpoint());
            var guard = List.of(GuardedBodies.within(small));
            try (var server = ChatServer.of(tenant, tenant.governance(), guard)) {
                for (var model : List.of("agent", "plain")) {
                    for (var more :
                            List.of("", ",\"response_format\":{\"type\":\"json_object\"}")) {
                        var body = Bodies.ask(model, "\"stream\":true" + more);
                        var post = BodyPublishers.ofString(body);
                        var request = server.request("/chat/completions").POST(post).build();
                        var answer = Answer.of(server.send(request, BodyHandlers.ofString()));
                        assertThat(answer.text()).isEqualTo("w ".repeat(5_000));
                        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
                    }
                }
            }
        }
    }

    /** No round has much, all together have too much. */
    @Test
    void theRoundsOfARunCountTogether() throws Exception {
        var rounds = new AtomicInteger();
        var text = padded(choice("'delta':{'content':'PAD'}"));
        var provider =
                RawProvider.behaving(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    send(exchange, text.repeat(200));
                    send(exchange, choice(call(rounds.incrementAndGet())));
                    send(exchange, choice(END) + OddProvider.DONE);
                });
        try (provider;
                var server = server(provider)) {
            assertThat(ask(server, "agent", "")).contains("overloaded");
            assertThat(rounds.get()).isBetween(3, 8);
        }
    }

    private static String call(int number) {
        return "'delta':{'tool_calls':[{'index':0,'id':'c','function':{'name':"
                + "'weather__get_alerts','arguments':'{\\'n\\':"
                + number
                + "}'}}]}";
    }
}
