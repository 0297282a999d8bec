package io.sallyport.gate;

/** What asks for a resource, a template or a prompt. */
public sealed interface ContentCall extends UpstreamCall
        permits ResourceRead, PromptGet, ArgumentCompletion, ResourceSubscription {}
