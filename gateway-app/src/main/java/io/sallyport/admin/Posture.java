package io.sallyport.admin;

import java.util.List;

/**
 * What this installation does less strictly than production.
 *
 * @param dev whether it was started with {@code --dev}
 */
public record Posture(boolean dev) {
    List<String> relaxations() {
        return dev
                ? List.of("dev_keys", "approver_keys", "loopback_http", "seal_key_in_data_folder")
                : List.of();
    }
}
