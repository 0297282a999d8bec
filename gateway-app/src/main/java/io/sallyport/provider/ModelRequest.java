package io.sallyport.provider;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * One request to one provider model.
 *
 * @param tenant connections are never shared between tenants
 * @param body the Chat Completions request as it goes out, {@code model} being the provider's name
 * @param timeout for everything, from the first look-up to the last byte of the answer
 * @param room where the answer counts, whole or in events
 */
public record ModelRequest(
        TenantId tenant, ModelTarget target, JsonNode body, Duration timeout, AnswerRoom room) {

    /** Neither messages nor keys show in a log. */
    @Override
    public String toString() {
        return "ModelRequest[" + tenant + ", " + target + "]";
    }
}
