package io.sallyport.policy;

import java.util.List;

/**
 * What an approval is for: exactly this call, by exactly this requester. Equal bindings find each
 * other; anything else opens an approval of its own.
 *
 * @param requester {@link Principal#subject()} of whoever asks
 * @param method the MCP method of the call
 * @param descriptorDigest digest of the tool's pinned descriptor
 * @param argsDigest digest of the very bytes that will be sent
 * @param requirement {@link ApprovalRequirement#digest()}
 * @param run id of the chat run, empty outside of one
 */
public record ApprovalBinding(
        TenantId tenant,
        String requester,
        String method,
        ToolRef tool,
        String descriptorDigest,
        String argsDigest,
        String requirement,
        String run) {
    /** Digest over all members; the key by which an approval is looked up. */
    public String digest() {
        return CanonicalText.digest(
                List.of(
                        "sallyport.binding.v2",
                        tenant.value(),
                        requester,
                        method,
                        tool.server().value(),
                        tool.tool(),
                        descriptorDigest,
                        argsDigest,
                        requirement,
                        run));
    }
}
