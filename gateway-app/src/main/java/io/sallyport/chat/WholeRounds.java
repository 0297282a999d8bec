package io.sallyport.chat;

import io.sallyport.provider.ModelProvider;
import io.sallyport.threads.Await;
import tools.jackson.databind.node.ObjectNode;

/** Rounds of a run whose answer is one body. */
final class WholeRounds implements RoundSource {
    private final ModelLine line;
    private final ModelProvider provider;
    private final StartRecord started;

    WholeRounds(ModelLine line, StartRecord started) {
        this.line = line;
        this.provider = line.provider();
        this.started = started;
    }

    @Override
    public Round next(ObjectNode body, boolean last) throws InterruptedException {
        body.remove("stream_options");
        var answer = Await.one(provider.complete(line.request(body)));
        started.require();
        return Round.read(answer);
    }

    @Override
    public void show(Round round, boolean last) throws InterruptedException {
        started.require();
    }

    @Override
    public void keepAlive() {
        // one body: there is nothing to say before its end
    }
}
