package io.sallyport.samples.conformance;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** How one turn of a request ends: with an answer, with questions, or not at all. */
sealed interface Outcome {

    /** The result, without what only one era adds to it. */
    record Done(ObjectNode result) implements Outcome {}

    /**
     * The request needs answers of the client first.
     *
     * @param requests by key: method and params of what the client is asked
     * @param state comes back with the answers; in the modern era the client keeps it
     */
    record Asks(ObjectNode requests, Optional<String> state) implements Outcome {}

    /** The client did not declare a capability without which the request makes no sense. */
    record Lacks(String capability) implements Outcome {}

    /** Nothing has this URI. */
    record Unknown(String uri) implements Outcome {}

    /** The parameters make no sense. */
    record Invalid(String reason) implements Outcome {}
}
