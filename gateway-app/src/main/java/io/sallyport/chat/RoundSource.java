package io.sallyport.chat;

import tools.jackson.databind.node.ObjectNode;

/** Where the rounds of a run come from. Blocks; used by one thread. */
interface RoundSource {
    /**
     * Asks the model for its next answer.
     *
     * @param last no tool is called after it, whatever it asks for
     * @throws io.sallyport.provider.ModelFailure if there is no whole answer
     * @throws ChatFailure if the run's start is not recorded; nothing has left for the client then
     */
    Round next(ObjectNode body, boolean last) throws InterruptedException;

    /** Shows a round that the model has answered in an earlier part of the run. */
    void show(Round round, boolean last) throws InterruptedException;

    /** Tools are still running; called from time to time. */
    void keepAlive() throws InterruptedException;
}
