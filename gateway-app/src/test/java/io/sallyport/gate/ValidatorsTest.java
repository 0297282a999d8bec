package io.sallyport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.gate.Validators.Conformity;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.threads.ComputePool;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** F9: what we have no time to judge is not the server's fault. */
class ValidatorsTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final Duration LONG = Duration.ofSeconds(60);

    /** More than a tenant may have waiting and under way. */
    private static final int CROWD = 64;

    private final ComputePool pool = new ComputePool();
    private final Validators validators = new Validators(pool);
    private final CatalogTool tool = tool();

    @AfterEach
    void close() {
        pool.close();
    }

    private static CatalogTool tool() {
        var ref = new ToolRef(new ServerSlug("docs"), "rows");
        var tree =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name":"rows","inputSchema":{"type":"object"},
                                 "outputSchema":{"type":"object","required":["rows"],
                                 "properties":{"rows":{"type":"array","uniqueItems":true}}}}\
                                """);
        var descriptor =
                new ToolDescriptor(
                        ref, ToolNaming.STANDARD.alias(ref.server(), "rows"), "sha256:1", tree);
        return ExampleCatalog.approved(descriptor, Risk.READ);
    }

    /** Each schema alone is a hundred times as large as its text. */
    private static CatalogTool heavy(int number) {
        var tree = JsonMapper.shared().createObjectNode().put("name", "heavy");
        var schema = tree.putObject("inputSchema").put("type", "object");
        var properties = schema.putObject("properties");
        for (int at = 0; at < 5; at++) {
            properties.putObject("p" + at).put("pattern", "^(" + number + "x[a-z]{1,100}){9}$");
        }
        var ref = new ToolRef(new ServerSlug("docs"), "heavy");
        var alias = ToolNaming.STANDARD.alias(ref.server(), "heavy");
        var descriptor = new ToolDescriptor(ref, alias, "sha256:heavy" + number, tree);
        return ExampleCatalog.approved(descriptor, Risk.READ);
    }

    /** What few bytes of foreign text compile to decides nothing about how much we hold. */
    @Test
    void keepsNoMoreThanItMayAndJudgesByAllOfThem() throws InterruptedException {
        var bounded = new Validators(pool, 2_000_000);
        var arguments = JsonMapper.shared().createObjectNode().put("p0", "no");

        for (int number = 0; number < 30; number++) {
            assertThat(bounded.violations(TENANT, heavy(number), arguments).orElseThrow())
                    .hasSize(1);
            assertThat(bounded.weight()).isBetween(500_000L, 2_000_000L);
        }
    }

    @Test
    void aSchemaThatIsHeavierThanAllThatMayBeKeptIsJudgedByAllTheSame()
            throws InterruptedException {
        var bounded = new Validators(pool, 10_000);
        var arguments = JsonMapper.shared().createObjectNode().put("p0", "no");

        for (int call = 0; call < 3; call++) {
            assertThat(bounded.violations(TENANT, heavy(1), arguments).orElseThrow()).hasSize(1);
            assertThat(bounded.weight()).isLessThanOrEqualTo(10_000);
        }
    }

    private static JsonNode rows(int count) {
        var tree = JsonMapper.shared().createObjectNode();
        IntStream.range(0, count).forEach(tree.putArray("rows")::add);
        return tree;
    }

    @Test
    void aResultConformsOrDoesNot() throws InterruptedException {
        assertThat(validators.conformity(TENANT, tool, rows(1))).isEqualTo(Conformity.CONFORMS);
        assertThat(validators.conformity(TENANT, tool, JsonMapper.shared().createObjectNode()))
                .isEqualTo(Conformity.VIOLATES);
        assertThat(validators.conformity(TENANT, tool, rows(20_000)))
                .isEqualTo(Conformity.CONFORMS);
    }

    @Test
    void whatCannotBeJudgedNowIsNeither() throws Exception {
        assertThat(validators.conformity(TENANT, tool, rows(1))).isEqualTo(Conformity.CONFORMS);
        var end = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var refused = new CountDownLatch(1);
            IntStream.range(0, CROWD)
                    .forEach(_ -> {
                        var _ = threads.submit(() -> occupy(end, refused));
                    });
            refused.await();

            assertThat(validators.conformity(TENANT, tool, rows(20_000)))
                    .isEqualTo(Conformity.UNJUDGED);
            end.countDown();
        }
    }

    private Void occupy(CountDownLatch end, CountDownLatch refused) throws InterruptedException {
        var outcome =
                pool.run(
                        TENANT.value(),
                        LONG,
                        () -> {
                            end.await();
                            return true;
                        });
        if (outcome instanceof ComputePool.Outcome.Overloaded<Boolean>) {
            refused.countDown();
        }
        return null;
    }
}
