package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.egress.EgressClients;
import io.sallyport.egress.EgressSettings;
import io.sallyport.provider.ModelRequest;
import io.sallyport.provider.ModelStream;
import io.sallyport.provider.ModelTarget;
import io.sallyport.provider.OpenAiProvider;
import io.sallyport.threads.Await;
import io.sallyport.threads.ComputePool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** H1: a long event of a provider takes no event loop, and says what a short one says. */
class LongEventTest {
    private static final String PAD = "'x':'" + "x".repeat(100_000) + "'";

    private static List<String> threads(String body) throws Exception {
        var threads = new CopyOnWriteArrayList<String>();
        try (var provider = RawProvider.streaming(body);
                var egress = EgressClients.open(EgressSettings.standard());
                var workers = Executors.newVirtualThreadPerTaskExecutor();
                var compute = new ComputePool()) {
            var endpoint = provider.endpoint();
            var allow = EgressTerms.allowing(List.of("127.0.0.1/32:" + endpoint.getPort()));
            var target = new ModelTarget("p", endpoint, "m", Optional.empty(), allow);
            var request =
                    new ModelRequest(
                            Tenant.ID,
                            target,
                            JsonNodeFactory.instance.objectNode(),
                            Duration.ofSeconds(30),
                            AnswerRoom.UNCOUNTED);
            var events =
                    new OpenAiProvider(egress, true, workers, compute)
                            .stream(request)
                                    .flatMapMany(ModelStream::events)
                                    .filter(it -> !it.equals(ModelStream.DONE))
                                    .doOnNext(_ -> threads.add(Thread.currentThread().getName()));
            Await.one(events.count());
        }
        return threads;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data: {PAD}\n\n", "data: {'error':null,PAD}\n\n", "data: {'error':{},PAD}"})
    void isReadOnAThreadOfItsOwn(String event) throws Exception {
        var longEvent = event.replace("PAD", PAD).replace('\'', '"');
        var shortEvent = event.replace("PAD", "'x':1").replace('\'', '"');
        assertThat(threads(longEvent)).isNotEmpty().allMatch(it -> it.startsWith("long-answers"));
        assertThat(threads(shortEvent)).isNotEmpty().noneMatch(it -> it.startsWith("long-answers"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {'error':{'message':'No luck','code':'invalid_prompt'},PAD}\n\n",
                "data: {PAD,'error':{'message':'No luck','code':'invalid_prompt'}}\n\n",
                "data: {PAD,'error':{'message':'No luck','code':'invalid_prompt'},"
                        + "'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}"
            })
    void tellsOfAnErrorAsAShortOneDoes(String event) throws Exception {
        for (var model : List.of("agent", "plain")) {
            for (var pad : List.of("'x':1", PAD, PAD + ",'y':'" + "y".repeat(300_000) + "'")) {
                try (var odd = OddProvider.streaming(event.replace("PAD", pad))) {
                    assertThat(odd.askAnyhow(model).body()).contains("invalid_prompt", "No luck");
                }
            }
        }
    }

    @Test
    void endsAnAnswer() throws Exception {
        var event =
                OddProvider.event(
                        "{'choices':[{'index':0,'delta':{'content':'Hi'},'finish_reason':'stop'}],"
                                + "'usage':{'prompt_tokens':3,'completion_tokens':4},"
                                + PAD
                                + "}");
        for (var model : List.of("agent", "plain")) {
            for (var more : List.of("", OddProvider.DONE)) {
                try (var odd = OddProvider.streaming(event + more)) {
                    var answer = odd.askAnyhow(model);
                    assertThat(answer.text()).isEqualTo("Hi");
                    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
                    assertThat(odd.server().records.nextEnd().completionTokens()).isEqualTo(4);
                }
            }
        }
    }

    @Test
    void hasCallsThatRun() throws Exception {
        var call =
                OddText.fragment(
                        "'index':0,'id':'a',"
                                + OddText.function(
                                        "'name':'weather__get_alerts','arguments':'{\\'n\\':\\'"
                                                + "y".repeat(300_000)
                                                + "\\'}'"));
        try (var odd = OddProvider.choices(call, OddText.END)) {
            assertThat(odd.ask(true).text()).isEqualTo("Done.");
            assertThat(odd.calls()).hasSize(1);
        }
    }
}
