package io.sallyport.gate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void workThatEndsInAnErrorIsNotWaitedForEver() {
        try (var workers = new Workers()) {
            var work =
                    workers.run(() -> {
                        throw new StackOverflowError();
                    });

            assertThatThrownBy(() -> work.block(SOON)).isInstanceOf(StackOverflowError.class);
        }
    }
}
