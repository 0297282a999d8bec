package io.sallyport.architecture.planted.policy.yaml;

import org.snakeyaml.engine.v2.api.LoadSettings;

/** Planted: this is allowed. */
final class MayReadYaml {
    private MayReadYaml() {}

    static LoadSettings settings() {
        return LoadSettings.builder().build();
    }
}
