package io.sallyport.acceptance;

import io.sallyport.store.SharedParameter;

/** Hands the one {@link RunningGateway} to tests. */
final class GatewayExtension extends SharedParameter<RunningGateway> {
    private static final Shared<RunningGateway> GATEWAY = new Shared<>(RunningGateway::start);

    GatewayExtension() {
        super(RunningGateway.class, GATEWAY);
    }
}
