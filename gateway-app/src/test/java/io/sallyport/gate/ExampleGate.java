package io.sallyport.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.error.Reason;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyReading;
import io.sallyport.policy.Risk;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.tenant.TenantView;
import io.sallyport.threads.ComputePool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** A gate among fakes, with one server, one tool and one key that a rule lets call it. */
final class ExampleGate implements AutoCloseable {
    static final TenantId TENANT = new TenantId("acme");
    static final McpServer SERVER = ExampleCatalog.server(TENANT, "docs");
    static final ToolRef ECHO = new ToolRef(SERVER.slug(), "echo");
    static final String ALIAS = "docs__echo";
    static final int MOST_CALLS = 2;

    final FakeWorld world = new FakeWorld(view("allow"));
    final Circuits circuits = new Circuits(new GateSettings(MOST_CALLS));
    private final ComputePool pool = new ComputePool();
    private final Gate gate = gate();

    private Gate gate() {
        var clock = Clock.systemUTC();
        var records = new CallRecords(world, clock);
        var validators = new Validators(pool);
        var underWay = new UnderWay(world, (_, _) -> () -> {});
        return new GovernedGate(
                world,
                new Admission(world, circuits, clock, validators),
                new ApprovalStep(world, _ -> "digest", records, clock),
                new GateRecorder(world, world, records),
                new UpstreamRoundTrip(world, underWay, validators, world, records));
    }

    static TenantView view(String effect) {
        return view(effect, SERVER);
    }

    static TenantView view(String effect, McpServer server) {
        var tree =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"name":"echo","inputSchema":{"type":"object",
                                 "properties":{"text":{"type":"string"}}}}\
                                """);
        var descriptor =
                new ToolDescriptor(
                        ECHO, ToolNaming.STANDARD.alias(ECHO.server(), "echo"), "sha256:1", tree);
        return new TenantView(
                TENANT,
                1,
                new TenantView.Contents(
                        policy(effect),
                        List.of(server),
                        List.of(ExampleCatalog.approved(descriptor, Risk.READ)),
                        List.of(),
                        List.of(),
                        List.of(ExampleCatalog.agentKey(TENANT, "user:ada")),
                        List.of()));
    }

    private static Policy policy(String effect) {
        var text = "rules: [{id: one, effect: " + effect + ", tools: ['*']}]";
        return switch (Policy.read(text)) {
            case PolicyReading.Valid(var policy, _, _) -> policy;
            case PolicyReading.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    CallOutcome call(String name, String arguments) throws InterruptedException {
        return call(new ToolCall(name, arguments.getBytes(UTF_8)), ClientContext.SILENT);
    }

    CallOutcome call(ToolCall call, ClientContext client) throws InterruptedException {
        var context =
                ExampleCall.context(
                        TENANT, new OfferedTools.Aliases(), client, Duration.ofSeconds(30));
        return gate.call(call, context).outcome();
    }

    void assertRefused(CallOutcome outcome, Reason reason, String... effects) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CallOutcome.Refused.class, it -> assertThat(it.reason()).isEqualTo(reason));
        assertThat(world.effects).containsExactly(effects);
    }

    @Override
    public void close() {
        pool.close();
    }
}
