package io.sallyport.egress;

/** Opens the one {@link EgressClient} of a process. */
public final class EgressClients {
    private EgressClients() {}

    public static EgressClient open(EgressSettings settings) {
        return new NettyEgressClient(settings);
    }
}
