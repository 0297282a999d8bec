package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.chat.Claims;
import io.sallyport.chat.Claims.Asked;
import io.sallyport.chat.Claims.Found;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A run that is claimed while the database lets it wait. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class WaitingClaimTest {
    private static final Duration ALIVE = Duration.ofMinutes(5);

    private final DatabaseAddress address;
    private final StoreNode node;
    private final Claims claims;

    WaitingClaimTest(FaultyPostgres postgres) throws InterruptedException {
        address = postgres.newDatabase();
        node = StoreNode.open(postgres, address, "one", StoreNode.UNCONCERNED);
        claims = node.store().claims();
    }

    private static Asked request(long begun) {
        return new Asked(StoreNode.admin().principal(), "same", "same", false, begun);
    }

    /** What it waits is no time that has passed before its repetition. */
    @Test
    void mayChangeNothingIfItWasRepeatedBeforeItWaited() throws InterruptedException {
        try (node) {
            var begun = System.nanoTime();
            var repetition = claims.find(request(begun), Optional.of("r2"), Optional.empty(), ALIVE);
            assertThat(repetition).isInstanceOf(Found.Claimed.class);

            CompletableFuture<Found> claimed;
            try (var _ =
                    FaultyPostgres.hold(
                            address,
                            "select pg_advisory_xact_lock(hashtextextended(identity, 0))"
                                    + " from chat_claim")) {
                var waited = System.nanoTime() - begun;
                claimed =
                        CompletableFuture.supplyAsync(
                                () -> claims.claim(request(begun), "r1", ALIVE));
                eventually().until(() -> waiting() == 1);
                eventually().until(() -> System.nanoTime() - begun > 3 * waited);
            }

            assertThat(claimed.join()).isInstanceOf(Found.UnderWay.class);
        }
    }

    private long waiting() {
        return FaultyPostgres.count(
                address,
                "select count(*) from pg_locks where locktype = 'advisory' and not granted");
    }
}
