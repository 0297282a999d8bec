package io.sallyport.admin;

import io.sallyport.admin.TenantSettings.PublishedPolicy;
import io.sallyport.error.Reason;
import io.sallyport.policy.Policy;
import io.sallyport.policy.PolicyFinding;
import io.sallyport.policy.PolicyReading;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/policies}: publishing replaces the policy in force as a whole. */
final class PoliciesApi {
    private final TenantSettings settings;

    PoliciesApi(TenantSettings settings) {
        this.settings = settings;
    }

    AdminAnswer publish(AdminRequest request) {
        var document = text(request.body());
        return switch (Policy.read(document)) {
            case PolicyReading.Invalid(var findings) -> throw invalid(findings);
            case PolicyReading.Valid(var policy, var findings, var selectors) -> {
                var published =
                        settings.publish(request.tenant(), policy, document, request.caller());
                var json = json(published);
                findings(json, findings);
                new Remarks(request).ofPolicy(selectors).to(json);
                yield AdminAnswer.ok(json).tagged(published.digest());
            }
        };
    }

    /** What publishing would answer; nothing is changed. */
    AdminAnswer validate(AdminRequest request) {
        return switch (Policy.read(text(request.body()))) {
            case PolicyReading.Invalid(var findings) -> throw invalid(findings);
            case PolicyReading.Valid(var policy, var findings, var selectors) -> {
                var json = AdminAnswer.JSON.objectNode().put("digest", policy.digest());
                findings(json, findings);
                yield AdminAnswer.ok(new Remarks(request).ofPolicy(selectors).to(json));
            }
        };
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException _) {
            throw new Refusal(400, Reason.INVALID_UTF8, "The policy is not UTF-8.");
        }
    }

    /** The problem carries every finding with its place. */
    private static Refusal invalid(List<PolicyFinding> findings) {
        var first = findings.getFirst();
        var more = AdminAnswer.JSON.objectNode();
        findings(more, findings);
        return new Refusal(
                422,
                Reason.INVALID_POLICY,
                "Line %d, column %d: %s".formatted(first.line(), first.column(), first.message()),
                more);
    }

    private static void findings(ObjectNode json, List<PolicyFinding> findings) {
        var list = json.putArray("findings");
        findings.forEach(it ->
                list.addObject()
                        .put("code", it.code())
                        .put("message", it.message())
                        .put("line", it.line())
                        .put("column", it.column()));
    }

    AdminAnswer current(AdminRequest request) {
        return shown(settings.policy(request.tenant()).orElseThrow(Refusal::notFound));
    }

    AdminAnswer byDigest(AdminRequest request) {
        return shown(
                settings.policy(request.tenant(), request.path("digest"))
                        .orElseThrow(Refusal::notFound));
    }

    private static AdminAnswer shown(PublishedPolicy policy) {
        return AdminAnswer.ok(json(policy).put("document", policy.document()))
                .tagged(policy.digest());
    }

    private static ObjectNode json(PublishedPolicy policy) {
        return AdminAnswer.JSON
                .objectNode()
                .put("digest", policy.digest())
                .put("version", policy.version())
                .put("published", policy.published().toString());
    }
}
