package io.sallyport.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sallyport.bridge.ParamHeaders;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.Violation;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Once;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.ComputePool.Outcome;
import io.sallyport.vetting.ArgumentValidator;
import io.sallyport.vetting.ResultValidator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;

/**
 * Judges arguments and results by their tool's schemas, which are compiled once for a descriptor's
 * digest. What takes more than half a millisecond is left to the {@link ComputePool}, as a piece of
 * the tenant's work.
 */
final class Validators {
    /** Of the heap, for all that is kept compiled: seven thousand ordinary tools in 512 MB. */
    private static final int PART_OF_HEAP = 8;

    /** Bytes that an entry takes beside the schemas. */
    private static final int PER_ENTRY = 500;

    /** What nobody calls any more is let go, be it that its server is gone. */
    private static final Duration UNUSED = Duration.ofHours(1);

    /** A validation is counted and ends within 250 ms; this is for a machine that is very busy. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final List<Violation> OUT_OF_TIME =
            List.of(new Violation("", "takes too much work to check"));

    private final ComputePool pool;
    private final Cache<Key, Once<Compiled>> kept;

    Validators(ComputePool pool) {
        this(pool, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /**
     * @param most bytes that compiled schemas may take; beyond it those are let go that are asked
     *     for least, and compiled again when they are
     */
    Validators(ComputePool pool, long most) {
        this.pool = pool;
        kept =
                Caffeine.newBuilder()
                        .maximumWeight(most)
                        .weigher(Validators::weightOf)
                        .expireAfterAccess(UNUSED)
                        .executor(Runnable::run)
                        .build();
    }

    private static int weightOf(Key key, Once<Compiled> once) {
        var weight = once.known().map(Compiled::weight).orElse(0L);
        return Math.toIntExact(Math.min(PER_ENTRY + weight, Integer.MAX_VALUE));
    }

    private record Key(TenantId tenant, String digest, boolean lenient) {
        static Key of(TenantId tenant, CatalogTool tool) {
            return new Key(tenant, tool.listed().digest(), tool.lenient());
        }
    }

    /** Empty is what cannot be used, so that no call may run or no result pass. */
    private record Compiled(
            Optional<ArgumentValidator> input,
            Optional<ResultValidator> output,
            ParamHeaders headers,
            long weight) {
        static Compiled of(
                Optional<ArgumentValidator> input,
                Optional<ResultValidator> output,
                ParamHeaders headers) {
            var weight =
                    input.map(ArgumentValidator::weight).orElse(0L)
                            + output.map(ResultValidator::weight).orElse(0L);
            return new Compiled(input, output, headers, weight);
        }
    }

    /** Bytes of what is kept. */
    long weight() {
        kept.cleanUp();
        return kept.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

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
        var key = Key.of(tenant, tool);
        var once = kept.get(key, _ -> new Once<>());
        var known = once.known();
        return known.isPresent() ? known : weighed(key, once, tool);
    }

    private Optional<Compiled> weighed(Key key, Once<Compiled> once, CatalogTool tool)
            throws InterruptedException {
        var compiled = once.of(() -> compile(key.tenant(), tool));
        kept.asMap().replace(key, once, once); // it has its weight now
        return compiled;
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
        return Compiled.of(
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
