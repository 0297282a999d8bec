package io.sallyport.chat;

import java.util.List;

/**
 * What a round asks for: calls of the server and calls of the client. A name that is not the
 * client's is the server's, whether it was offered or not.
 */
record Turn(List<RequestedCall> server, List<RequestedCall> client) {
    Turn {
        server = List.copyOf(server);
        client = List.copyOf(client);
    }

    static Turn of(Round round, ToolOffer offer) {
        var calls = round.calls();
        return new Turn(
                round.isClean()
                        ? calls.stream().filter(it -> !offer.isClients(it.name())).toList()
                        : List.of(),
                calls.stream().filter(it -> offer.isClients(it.name())).toList());
    }

    /** The client answers next, or nobody does. */
    boolean endsRun() {
        return server.isEmpty() || !client.isEmpty();
    }
}
