package io.sallyport.architecture.planted.bridge;

import org.springframework.boot.SpringApplication;

/** Planted: this must be reported. */
final class KnowsBoot {
    private KnowsBoot() {}

    static SpringApplication application() {
        return new SpringApplication(KnowsBoot.class);
    }
}
