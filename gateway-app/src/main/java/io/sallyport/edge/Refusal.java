package io.sallyport.edge;

import io.sallyport.error.Reason;

/** Why a request does not reach a handler. */
record Refusal(int status, Reason reason, String sentence) {}
