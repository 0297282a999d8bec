package io.sallyport.bridge.stdio;

import io.sallyport.bridge.ServerGreeting;

/** A running server that has said who it is. */
record Greeted(ServerProcess process, ServerGreeting greeting) {}
