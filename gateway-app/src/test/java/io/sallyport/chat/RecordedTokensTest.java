package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the record of a run has of its tokens. */
class RecordedTokensTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'input_tokens':10,'output_tokens':5} | 10 | 5",
                "{'prompt_tokens':'12','completion_tokens':5} | 12 | 5",
                "{'total_tokens':17} | -1 | -1"
            })
    void tokensAreRecordedAsTheyWereCounted(String usage, long prompt, long completion)
            throws Exception {
        for (var model : List.of("plain", "agent")) {
            var body =
                    "{'choices':[{'message':{'content':'Hi'},'finish_reason':'stop'}],'usage':"
                            + usage
                            + "}";
            try (var provider = RawProvider.answeringJson(body.replace('\'', '"'));
                    var server = ChatServer.of(Tenant.at(provider.endpoint()))) {
                var request = server.request("/chat/completions");
                var ask = BodyPublishers.ofString(Bodies.ask(model, ""));
                server.send(request.POST(ask).build(), BodyHandlers.ofString());
                var end = server.records.nextEnd();
                assertThat(end.promptTokens()).isEqualTo(prompt);
                assertThat(end.completionTokens()).isEqualTo(completion);
            }
        }
    }
}
