package io.sallyport.mcp;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What a method answers, before a lane dresses it for its clients. */
sealed interface Reply {
    /** Id of the audit record of the call, if there was one. */
    Optional<String> record();

    /**
     * @param result ours to change: the lanes add their own members
     */
    record Done(ObjectNode result, Optional<String> record) implements Reply {}

    record Failed(RpcFault fault, Optional<String> record) implements Reply {}

    static Reply done(ObjectNode result) {
        return new Done(result, Optional.empty());
    }

    static Reply failed(RpcFault fault) {
        return new Failed(fault, Optional.empty());
    }
}
