package io.sallyport.gate;

import io.sallyport.bridge.ComputePool;
import io.sallyport.bridge.ComputePool.Outcome;
import io.sallyport.bridge.ParamHeaders;
import io.sallyport.catalog.ArgumentValidator;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.ResultValidator;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.Violation;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Once;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Judges arguments and results by their tool's schemas, which are compiled once for a descriptor's
 * digest. What takes more than half a millisecond is left to the {@link ComputePool}, as a piece of
 * the tenant's work.
 */
final class Validators {
    /** Descriptors of one tenant whose schemas are kept compiled; beyond it they start afresh. */
    private static final int MAX_PER_TENANT = 10_000;

    /** A validation is counted and ends within 250 ms; this is for a machine that is very busy. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final List<Violation> OUT_OF_TIME =
            List.of(new Violation("", "takes too much work to check"));

    private final ComputePool pool;
    private final Map<TenantId, Map<Key, Once<Compiled>>> kept = new ConcurrentHashMap<>();

    Validators(ComputePool pool) {
        this.pool = pool;
    }

    private record Key(String digest, boolean lenient) {
        static Key of(CatalogTool tool) {
            return new Key(tool.listed().digest(), tool.lenient());
        }
    }

    /** Empty is what cannot be used, so that no call may run or no result pass. */
    private record Compiled(
            Optional<ArgumentValidator> input,
            Optional<ResultValidator> output,
            ParamHeaders headers) {}

    /**
     * What is wrong with the arguments; empty if too much of the tenant's work waits.
     *
     * @throws IllegalStateException if the tool's schema cannot be used
     */
    Optional<List<Violation>> violations(TenantId tenant, CatalogTool tool, JsonNode arguments)
            throws InterruptedException {
        var compiled = compiled(tenant, tool);
        if (compiled.isEmpty()) {
            return Optional.empty();
        }
        var validator =
                compiled.get().input().orElseThrow(() -> new IllegalStateException("no schema"));
        var brief = validator.validateBriefly(arguments);
        return brief.isPresent() ? brief : judged(tenant, () -> validator.validate(arguments));
    }

    /** What is known of a result and its tool's output schema. */
    enum Conformity {
        CONFORMS,
        VIOLATES,
        /** Too much of the tenant's work waits, or it takes too much. */
        UNJUDGED
    }

    /**
     * Whether a result is what its tool's output schema says; by one that cannot be used, none is.
     */
    Conformity conformity(TenantId tenant, CatalogTool tool, JsonNode structuredContent)
            throws InterruptedException {
        var compiled = compiled(tenant, tool);
        if (compiled.isEmpty()) {
            return Conformity.UNJUDGED;
        }
        var validator = compiled.get().output();
        if (validator.isEmpty()) {
            return Conformity.VIOLATES;
        }
        var brief = validator.get().validateBriefly(structuredContent);
        return brief.isPresent()
                ? conformity(brief.get())
                : switch (pool.run(
                        tenant.value(), LIMIT, () -> validator.get().validate(structuredContent))) {
                    case Outcome.Done<List<Violation>>(var violations) -> conformity(violations);
                    case Outcome.OutOfTime<List<Violation>>(),
                            Outcome.Overloaded<List<Violation>>() ->
                            Conformity.UNJUDGED;
                };
    }

    private static Conformity conformity(List<Violation> violations) {
        return violations.isEmpty() ? Conformity.CONFORMS : Conformity.VIOLATES;
    }

    /** Which of the tool's arguments travel as headers too. */
    ParamHeaders headers(TenantId tenant, CatalogTool tool) throws InterruptedException {
        return compiled(tenant, tool)
                .map(Compiled::headers)
                .orElseGet(() -> ParamHeaders.of(tool.listed().inputSchema()));
    }

    private Optional<List<Violation>> judged(TenantId tenant, Callable<List<Violation>> work)
            throws InterruptedException {
        return switch (pool.run(tenant.value(), LIMIT, work)) {
            case Outcome.Done<List<Violation>>(var violations) -> Optional.of(violations);
            case Outcome.OutOfTime<List<Violation>>() -> Optional.of(OUT_OF_TIME);
            case Outcome.Overloaded<List<Violation>>() -> Optional.empty();
        };
    }

    /** The first call of a tool has its schemas compiled; those that come meanwhile wait for it. */
    private Optional<Compiled> compiled(TenantId tenant, CatalogTool tool)
            throws InterruptedException {
        var ofTenant = kept.computeIfAbsent(tenant, _ -> new ConcurrentHashMap<>());
        if (ofTenant.size() > MAX_PER_TENANT) {
            ofTenant.clear();
        }
        return ofTenant.computeIfAbsent(Key.of(tool), _ -> new Once<>())
                .of(() -> compile(tenant, tool));
    }

    private Optional<Compiled> compile(TenantId tenant, CatalogTool tool)
            throws InterruptedException {
        return switch (pool.run(tenant.value(), LIMIT, () -> compile(tool))) {
            case Outcome.Done<Compiled>(var compiled) -> Optional.of(compiled);
            case Outcome.OutOfTime<Compiled>(), Outcome.Overloaded<Compiled>() -> Optional.empty();
        };
    }

    private static Compiled compile(CatalogTool tool) {
        var descriptor = tool.listed();
        return new Compiled(
                input(descriptor, tool.lenient()),
                output(descriptor),
                ParamHeaders.of(descriptor.inputSchema()));
    }

    private static Optional<ArgumentValidator> input(ToolDescriptor descriptor, boolean lenient) {
        try {
            return Optional.of(ArgumentValidator.compile(descriptor.inputSchema(), lenient));
        } catch (RejectedSchema _) {
            return Optional.empty();
        }
    }

    private static Optional<ResultValidator> output(ToolDescriptor descriptor) {
        try {
            return descriptor.outputSchema().isMissingNode()
                    ? Optional.empty()
                    : Optional.of(ResultValidator.compile(descriptor.outputSchema()));
        } catch (RejectedSchema _) {
            return Optional.empty();
        }
    }
}
