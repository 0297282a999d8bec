package io.sallyport.gate;

import io.sallyport.catalog.McpServer;
import io.sallyport.policy.ApprovalRequirement;
import io.sallyport.tenant.TenantView;
import java.util.List;

/**
 * A call that nothing refuses: what is in here was validated and decided on, and is what will be
 * approved, recorded and sent, byte for byte.
 *
 * @param call as requested
 * @param launch digest of the program whose list was approved; empty if none is started
 * @param params canonical bytes of all of {@code params}, the answers of a later leg included
 * @param rule id of the rule that allows it
 * @param requirements approvals that it needs first, empty for none
 * @param view what the decision saw
 */
@SuppressWarnings("ArrayRecordComponent") // handed through once, never compared
record AdmittedCall(
        UpstreamCall call,
        Target target,
        McpServer server,
        String launch,
        byte[] params,
        String rule,
        List<ApprovalRequirement> requirements,
        TenantView view,
        CallContext context) {
    AdmittedCall {
        requirements = List.copyOf(requirements);
    }

    long sequence() {
        return view.sequence();
    }
}
