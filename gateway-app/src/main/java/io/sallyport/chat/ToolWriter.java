package io.sallyport.chat;

import io.sallyport.bridge.FunctionTools;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.JsonText;
import io.sallyport.error.Reason;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.ModelTool;
import io.sallyport.tenant.TenantView;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.ComputePool.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Writes what models read of tools: once for each descriptor, as a piece of its tenant's work, and
 * shared by all requests from then on. A tool that cannot be written fails nobody's request.
 */
final class ToolWriter {
    /** What the tools of one request take at most; a model reads a quarter million words of it. */
    static final int MAX_BYTES = 1024 * 1024;

    /** Writing is bounded by the size of a schema; this is for a machine that is very busy. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Governance governance;
    private final ComputePool pool;

    ToolWriter(Governance governance, ComputePool pool) {
        this.governance = governance;
        this.pool = pool;
    }

    /** What models read of the tools, by alias, if all of it is there already. */
    Optional<SequencedMap<String, ModelTool>> known(TenantId tenant, ToolOffer offer) {
        var view = governance.view(tenant);
        var written = new LinkedHashMap<String, ModelTool>();
        for (var tool : offer.server().values()) {
            var known = view.written(tool).known();
            if (known.isEmpty()) {
                return Optional.empty();
            }
            written.put(tool.listed().alias(), known.get());
        }
        return Optional.of(written);
    }

    /**
     * What models read of the tools, by alias; blocks while it is worked out.
     *
     * @throws ChatFailure if too much of the tenant's work waits
     */
    SequencedMap<String, ModelTool> written(TenantId tenant, ToolOffer offer)
            throws InterruptedException {
        var view = governance.view(tenant);
        var written = new LinkedHashMap<String, ModelTool>();
        for (var tool : offer.server().values()) {
            written.put(tool.listed().alias(), written(view, tool));
        }
        return written;
    }

    /** What takes too long now is left out of this request only. */
    private ModelTool written(TenantView view, CatalogTool tool) throws InterruptedException {
        return view.written(tool).of(() -> computed(view.tenant(), tool)).orElse(ModelTool.NONE);
    }

    private Optional<ModelTool> computed(TenantId tenant, CatalogTool tool)
            throws InterruptedException {
        return switch (pool.run(tenant.value(), LIMIT, () -> write(tool))) {
            case Outcome.Done<ModelTool>(var written) -> Optional.of(written);
            case Outcome.OutOfTime<ModelTool>() -> Optional.empty();
            case Outcome.Overloaded<ModelTool>() -> throw new ChatFailure(ChatError.overloaded());
        };
    }

    /** A descriptor is foreign data, and whoever reads it may have overlooked something. */
    private static ModelTool write(CatalogTool tool) {
        try {
            var function = FunctionTools.of(tool);
            return new ModelTool(Optional.of(function), JsonText.write(function).length);
        } catch (RuntimeException | StackOverflowError e) {
            Failures.logUnwritten(tool.ref(), e);
            return ModelTool.NONE;
        }
    }

    /**
     * @throws ChatFailure if the tools take more than a request may have
     */
    static int requireLight(SequencedMap<String, ModelTool> written) {
        int bytes = written.values().stream().mapToInt(ModelTool::bytes).sum();
        if (bytes > MAX_BYTES) {
            throw ChatFailure.invalid(
                    Reason.TOO_MANY_TOOLS,
                    "The server tools of one request take at most 1 MiB; choose fewer of them.",
                    "tools");
        }
        return bytes;
    }
}
