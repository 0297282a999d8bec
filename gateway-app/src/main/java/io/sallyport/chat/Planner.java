package io.sallyport.chat;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.error.Reason;
import io.sallyport.identity.ApiKey;
import io.sallyport.identity.Caller;
import io.sallyport.provider.ModelAlias;
import io.sallyport.recording.Rejections;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.ModelTool;
import io.sallyport.tenant.TenantView;
import io.sallyport.threads.ComputePool;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.springframework.http.HttpHeaders;

/**
 * Turns the bytes of a request into a {@link Plan}, in memory and without waiting; but for what
 * models read of tools, which is worked out when a tool is first offered.
 */
final class Planner {
    private final Governance governance;
    private final Rejections rejections;
    private final ToolWriter writer;

    Planner(Governance governance, Rejections rejections, ComputePool compute) {
        this.governance = governance;
        this.rejections = rejections;
        writer = new ToolWriter(governance, compute);
    }

    Governance governance() {
        return governance;
    }

    Rejections rejections() {
        return rejections;
    }

    /**
     * @throws ChatFailure if the request is refused; nothing was sent then, and it is recorded
     */
    Plan plan(byte[] bytes, HttpHeaders headers, Caller caller) {
        try {
            return planned(bytes, headers, caller);
        } catch (ChatFailure refused) {
            throw recorded(caller, refused);
        }
    }

    private ChatFailure recorded(Caller caller, ChatFailure refused) {
        rejections.rejected(caller, "chat", refused.error().code());
        return refused;
    }

    /**
     * The plan with its tools in the request, if nothing is to be worked out for that.
     *
     * @throws ChatFailure if the request is refused; nothing was sent then, and it is recorded
     */
    Optional<Plan.Governed> equipped(Plan.Governed plan, ChatCall call) {
        var tenant = call.caller().key().tenant();
        try {
            return writer.known(tenant, plan.offer()).map(it -> equipped(plan, call, it));
        } catch (ChatFailure refused) {
            throw recorded(call.caller(), refused);
        }
    }

    /**
     * The plan with its tools in the request; blocks while something is worked out for that.
     *
     * @throws ChatFailure if the request is refused; nothing was sent then, and it is recorded
     */
    Plan.Governed equippedInTime(Plan.Governed plan, ChatCall call) throws InterruptedException {
        var tenant = call.caller().key().tenant();
        try {
            return equipped(plan, call, writer.written(tenant, plan.offer()));
        } catch (ChatFailure refused) {
            throw recorded(call.caller(), refused);
        }
    }

    private static Plan.Governed equipped(
            Plan.Governed plan, ChatCall call, SequencedMap<String, ModelTool> written) {
        requireRoom(call, ToolWriter.requireLight(written));
        return plan.with(written);
    }

    /** The tools are shared, but each request to a provider has them as text. */
    private static void requireRoom(ChatCall call, int bytes) {
        if (bytes > AnswerRoom.SMALL && !call.room().takes(bytes)) {
            throw new ChatFailure(ChatError.overloaded());
        }
    }

    private Plan planned(byte[] bytes, HttpHeaders headers, Caller caller) {
        var request = ChatRequest.read(bytes);
        var view = governance.view(caller.key().tenant());
        var model =
                view.model(request.model(), caller.key())
                        .orElseThrow(() -> new ChatFailure(ChatError.modelNotFound()));
        var plan = plan(request, model, new Asked(view, caller, headers));
        request.body().put("model", model.targets().getFirst().model());
        return plan;
    }

    /** By whom, and under which rules. */
    private record Asked(TenantView view, Caller caller, HttpHeaders headers) {
        ApiKey key() {
            return caller.key();
        }
    }

    private static Plan plan(ChatRequest request, ModelAlias model, Asked asked) {
        var requested = RequestedTools.takenFrom(request.body(), asked.headers());
        if (ToolSelection.isNamed(asked.key(), model, requested)) {
            var tools =
                    ToolSelection.select(
                            asked.view(), asked.caller().principal(), model, requested);
            if (!ToolChoice.isNone(request.body())) {
                return governed(request, model, tools);
            }
        }
        return passThrough(request, model, requested);
    }

    private static Plan governed(
            ChatRequest request, ModelAlias model, SequencedMap<String, CatalogTool> tools) {
        request.requireOneChoice();
        var offer = ToolOffer.of(request.body(), tools);
        ToolChoice.requireAmong(offer.names(), request.body());
        var warnings =
                tools.isEmpty() ? List.of(Reason.NO_TOOLS_AVAILABLE.code()) : List.<String>of();
        return new Plan.Governed(request, model, offer, warnings);
    }

    private static Plan passThrough(
            ChatRequest request, ModelAlias model, RequestedTools requested) {
        var body = request.body();
        ToolChoice.requireAmong(ToolOffer.clientNames(body), body);
        if (!requested.entries().isEmpty() && !body.has("tools")) {
            body.remove("tool_choice"); // "none" was about tools that are gone now
        }
        return new Plan.PassThrough(request, model);
    }
}
