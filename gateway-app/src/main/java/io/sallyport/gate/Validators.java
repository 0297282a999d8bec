package io.sallyport.gate;

import io.sallyport.bridge.ParamHeaders;
import io.sallyport.catalog.ArgumentValidator;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.ResultValidator;
import io.sallyport.catalog.ToolDescriptor;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Validators compiled once per descriptor digest. */
final class Validators {
    /** More descriptors than any tenant may have; beyond it the cache starts afresh. */
    private static final int LIMIT = 10_000;

    private final Map<InputKey, Optional<ArgumentValidator>> inputs = new ConcurrentHashMap<>();
    private final Map<String, Optional<ResultValidator>> outputs = new ConcurrentHashMap<>();

    private final Map<String, ParamHeaders> headers = new ConcurrentHashMap<>();

    private record InputKey(String digest, boolean lenient) {}

    /**
     * The validator of a tool's input schema; empty if the schema cannot be used, so no call may
     * run.
     */
    Optional<ArgumentValidator> input(ToolDescriptor descriptor, boolean lenient) {
        if (inputs.size() > LIMIT) {
            inputs.clear();
        }
        return inputs.computeIfAbsent(
                new InputKey(descriptor.digest(), lenient),
                it -> compileInput(descriptor, it.lenient()));
    }

    /** Which of the tool's arguments travel as headers too. */
    ParamHeaders headers(ToolDescriptor descriptor) {
        if (headers.size() > LIMIT) {
            headers.clear();
        }
        return headers.computeIfAbsent(
                descriptor.digest(), _ -> ParamHeaders.of(descriptor.inputSchema()));
    }

    private static Optional<ArgumentValidator> compileInput(
            ToolDescriptor descriptor, boolean lenient) {
        try {
            return Optional.of(ArgumentValidator.compile(descriptor.inputSchema(), lenient));
        } catch (RejectedSchema _) {
            return Optional.empty();
        }
    }

    /** The validator of a tool's output schema; empty if it cannot be used. */
    Optional<ResultValidator> output(ToolDescriptor descriptor) {
        if (outputs.size() > LIMIT) {
            outputs.clear();
        }
        return outputs.computeIfAbsent(descriptor.digest(), _ -> compileOutput(descriptor));
    }

    private static Optional<ResultValidator> compileOutput(ToolDescriptor descriptor) {
        try {
            return Optional.of(ResultValidator.compile(descriptor.tree().path("outputSchema")));
        } catch (RejectedSchema _) {
            return Optional.empty();
        }
    }
}
