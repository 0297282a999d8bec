package io.sallyport.bridge;

import io.sallyport.bridge.egress.NettyEgressClient;

/** Opens the one {@link EgressClient} of a process. */
public final class EgressClients {
    private EgressClients() {}

    public static EgressClient open(EgressSettings settings) {
        return new NettyEgressClient(settings);
    }
}
