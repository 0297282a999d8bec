package io.sallyport.architecture.planted.policy;

import org.snakeyaml.engine.v2.api.LoadSettings;

/** Planted: this must be reported. */
final class ReadsYaml {
    private ReadsYaml() {}

    static LoadSettings settings() {
        return LoadSettings.builder().build();
    }
}
