package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first calls of a tool, whose schemas are compiled for them. */
@ExtendWith(GatewayExtension.class)
@Timeout(120)
class FirstCallsTest {
    private static final int CALLS = 200;

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo");

    FirstCallsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("first");
    }

    /** Takes a while to compile, so that the calls meet. */
    private static String largeTool() {
        var properties =
                IntStream.range(0, 900)
                        .mapToObj(it -> "\"p" + it + "\":{\"pattern\":\"^[a-z]{1,15}x$\"}")
                        .collect(Collectors.joining(",", "{", "}"));
        return "{\"name\":\"large\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
                + properties
                + "}}";
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    /** H1: each of them took a place in the queue for the same schema, and 129 found none. */
    @Test
    void manyFirstCallsOfOneToolAreAllServed() throws Exception {
        upstream.tools(largeTool());
        tenant.serve("s", upstream.endpoint());
        tenant.allow("*");
        var session = McpSession.open(tenant.http(), tenant.agent());
        var start = new CountDownLatch(1);
        var calls = new ArrayList<Future<Reply>>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int at = 0; at < CALLS; at++) {
                calls.add(
                        clients.submit(() -> {
                            start.await();
                            return session.call("s__large", "{}");
                        }));
            }
            start.countDown();
        }
        for (var call : calls) {
            // what a slow machine does not record in time has been judged before
            assertThat(call.get().body()).doesNotContain("overloaded");
        }
    }
}
