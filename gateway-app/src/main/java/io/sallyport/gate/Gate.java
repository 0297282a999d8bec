package io.sallyport.gate;

/**
 * The one way to an upstream. Both faces use it and nothing else may reach an upstream with a call.
 * Blocks; call it from a virtual thread.
 */
public interface Gate {
    /**
     * Runs one attempt through all steps: resolve, pin, arguments, decide, limits, approval,
     * intent, call, result, outcome. Never throws for anything that a caller, an upstream or the
     * store did wrong: that is an outcome.
     *
     * @throws InterruptedException never after the intent was written: an interrupted call ends as
     *     {@link Cause#CANCELLED} once its outcome is recorded
     */
    CallResult call(UpstreamCall call, CallContext context) throws InterruptedException;

    /** The same steps for whoever wants to hear when a resource is updated. */
    SubscriptionResult subscribe(ResourceSubscription subscription, CallContext context)
            throws InterruptedException;

    /** The caller will not answer what the upstream asked; its call ends there too. */
    void abandon(CallOutcome.InputRequired asked, CallContext context);
}
