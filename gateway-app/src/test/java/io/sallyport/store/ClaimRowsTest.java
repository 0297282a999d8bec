package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.chat.Claims;
import io.sallyport.chat.Claims.Asked;
import io.sallyport.chat.Claims.Found;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is kept of chat runs, and who waits for whom. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class ClaimRowsTest {
    private static final Duration ALIVE = Duration.ofMinutes(5);
    private static final Principal ADA = of("acme", "user:ada");

    private final DatabaseAddress address;
    private final StoreNode node;
    private final Claims claims;

    ClaimRowsTest(FaultyPostgres postgres) throws InterruptedException {
        address = postgres.newDatabase();
        node = StoreNode.open(postgres, address, "one", StoreNode.UNCONCERNED);
        claims = node.store().claims();
    }

    private static Asked request(Principal principal, String identity, long begun) {
        return new Asked(principal, identity, "same", false, begun);
    }

    private Found found(Principal principal, String identity, String run)
            throws InterruptedException {
        var request = request(principal, identity, System.nanoTime());
        return claims.find(request, Optional.of(run), Optional.empty(), ALIVE);
    }

    private static Principal of(String tenant, String subject) {
        return new Principal(new TenantId(tenant), subject, "key", Set.of(), Set.of());
    }

    /** Equal requests wait for each other until it is closed. */
    private FaultyPostgres.Held lockAll() {
        return FaultyPostgres.hold(
                address,
                "select pg_advisory_xact_lock(hashtextextended(identity, 0)) from chat_claim");
    }

    private long waiting() {
        return FaultyPostgres.count(
                address,
                "select count(*) from pg_locks where locktype = 'advisory' and not granted");
    }

    /** What it waits is no time that has passed before its repetition. */
    @Test
    void aRunThatWasRepeatedBeforeItWaitedMayChangeNothing() throws InterruptedException {
        try (node) {
            var begun = System.nanoTime();
            var original = request(ADA, "same", begun);
            assertThat(found(ADA, "same", "r2")).isInstanceOf(Found.Claimed.class);

            CompletableFuture<Found> claimed;
            try (var _ = lockAll()) {
                var waited = System.nanoTime() - begun;
                claimed = CompletableFuture.supplyAsync(() -> claims.claim(original, "r1", ALIVE));
                eventually().until(() -> waiting() == 1);
                eventually().until(() -> System.nanoTime() - begun > 3 * waited);
            }

            assertThat(claimed.join()).isInstanceOf(Found.UnderWay.class);
        }
    }

    @Test
    void whoeverWaitsKeepsNoOtherTenantWaiting() throws InterruptedException {
        try (node) {
            assertThat(found(ADA, "same", "r1")).isInstanceOf(Found.Claimed.class);
            try (var _ = lockAll()) {
                var waiting = Stream.of(1, 2, 3, 4, 5).map(_ -> repetition()).toList();
                eventually().until(() -> waiting() > 0);

                assertThat(found(of("other", "user:ada"), "other", "r2"))
                        .isInstanceOf(Found.Claimed.class);
                assertThat(waiting()).isLessThanOrEqualTo(1);
                assertThat(waiting).hasSize(5);
            }
        }
    }

    private CompletableFuture<Found> repetition() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return found(ADA, "same", "r3");
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                Thread::startVirtualThread);
    }

    /** Makes so many of one run. */
    private void multiply(String run, int times) {
        FaultyPostgres.execute(
                address,
                "insert into chat_claim select tenant, run || n, identity || n, fingerprint,"
                        + " principal, keyed, exclusive, state, generation, writer, epoch, until,"
                        + " since, awaited, journal, expires from chat_claim,"
                        + " generate_series(2, "
                        + times
                        + ") n where run = '"
                        + run
                        + "'");
    }

    @Test
    void aPrincipalHasNoMoreRunsThanAreFreeForOthers() throws InterruptedException {
        try (node) {
            assertThat(found(ADA, "a", "r1")).isInstanceOf(Found.Claimed.class);
            multiply("r1", Claims.OF_TENANT / 2);
            assertThat(found(ADA, "b", "r2")).isInstanceOf(Found.Full.class);

            var bob = of("acme", "user:bob");
            assertThat(found(bob, "c", "r3")).isInstanceOf(Found.Claimed.class);
            multiply("r3", Claims.OF_TENANT / 4);
            assertThat(found(bob, "d", "r4")).isInstanceOf(Found.Full.class);
            assertThat(found(of("acme", "user:eve"), "e", "r5")).isInstanceOf(Found.Claimed.class);
        }
    }

    @Test
    void whatIsOverTakesNoPlace() throws InterruptedException {
        try (node) {
            assertThat(found(ADA, "a", "r1")).isInstanceOf(Found.Claimed.class);
            multiply("r1", Claims.OF_TENANT);
            assertThat(found(ADA, "b", "r2")).isInstanceOf(Found.Full.class);
            FaultyPostgres.execute(address, "update chat_claim set expires = now()");

            assertThat(found(ADA, "b", "r2")).isInstanceOf(Found.Claimed.class);
        }
    }
}
