package io.sallyport.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R5: all servers were listed at once, and a call waited for them. */
@Timeout(60)
class ListingPlacesTest {
    private final ListingPlaces places = new ListingPlaces();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger underWay = new AtomicInteger();

    @AfterEach
    void end() {
        over.countDown();
    }

    @Test
    void aTenantsListingsTakeOnlySomeOfThePlaces() {
        start("slow", ListingPlaces.AT_ONCE);
        await().until(() -> underWay.get() == ListingPlaces.AT_ONCE_FOR_TENANT);

        start("other", 1);
        await().until(() -> underWay.get() == ListingPlaces.AT_ONCE_FOR_TENANT + 1);
    }

    @Test
    void onlySoManyAreListedAtOnceWhoeverTheyAre() {
        for (int tenant = 0; tenant < 6; tenant++) {
            start("t" + tenant, ListingPlaces.AT_ONCE_FOR_TENANT);
        }
        await().until(() -> underWay.get() == ListingPlaces.AT_ONCE);
        over.countDown();

        await().until(() -> underWay.get() == 6 * ListingPlaces.AT_ONCE_FOR_TENANT);
    }

    /** Listings that last until the test ends. */
    @Test
    void anAdminIsToldWhenNoPlaceGetsFreeInTime() throws InterruptedException {
        start("slow", ListingPlaces.AT_ONCE_FOR_TENANT);
        await().until(() -> underWay.get() == ListingPlaces.AT_ONCE_FOR_TENANT);

        var patience = Duration.ofMillis(50);
        assertThat(places.asked(new TenantId("slow"), patience, () -> true)).isEmpty();
        assertThat(places.asked(new TenantId("other"), patience, () -> true)).contains(true);

        over.countDown();
        assertThat(places.asked(new TenantId("slow"), Duration.ofMinutes(1), () -> true))
                .contains(true);
    }

    private void start(String tenant, int count) {
        for (int i = 0; i < count; i++) {
            Thread.ofVirtual().start(() -> list(tenant));
        }
    }

    private void list(String tenant) {
        try {
            var _ =
                    places.unasked(
                            new TenantId(tenant),
                            () -> {
                                underWay.incrementAndGet();
                                over.await();
                                return true;
                            });
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
