package io.sallyport.servers;

import io.sallyport.bridge.LaunchProfile;

/** Whether a program may be started. */
public sealed interface Launch {
    record Permitted(LaunchProfile profile) implements Launch {}

    /** The operator's file has no profile of that name. */
    record Unknown() implements Launch {}

    /** There is no operator's file. */
    record Off() implements Launch {}
}
