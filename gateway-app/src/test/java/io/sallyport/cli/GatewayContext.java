package io.sallyport.cli;

import org.springframework.context.ApplicationContext;

/** Lets tests in other packages look inside a running gateway. */
public final class GatewayContext {
    private GatewayContext() {}

    public static ApplicationContext of(Gateway gateway) {
        return gateway.context();
    }
}
