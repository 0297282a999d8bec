package io.sallyport.egress;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Stands between name and dial: what it returns was judged, and is what the transport dials. An
 * address literal passes through here as well, which is why nothing ever counts as resolved.
 */
final class JudgedAddresses extends AddressResolverGroup<InetSocketAddress> {
    private final NameLookup names;
    private final DialRules rules;

    JudgedAddresses(NameLookup names, DialRules rules) {
        this.names = names;
        this.rules = rules;
    }

    /** Looks up and judges; blocks. Throws an {@link EgressFailure} and nothing else. */
    List<InetSocketAddress> judged(InetSocketAddress target) {
        var addresses = addresses(target);
        rules.refusal(addresses, target.getPort())
                .ifPresent(refusal -> {
                    throw new EgressFailure.Denied(refusal);
                });
        return addresses.stream()
                .map(address -> new InetSocketAddress(address, target.getPort()))
                .toList();
    }

    private List<InetAddress> addresses(InetSocketAddress target) {
        if (!target.isUnresolved()) {
            return List.of(target.getAddress());
        }
        var host = target.getHostString();
        var literal = AddressText.parse(host);
        return literal.isPresent() ? List.of(literal.get()) : lookUp(host);
    }

    private List<InetAddress> lookUp(String name) {
        try {
            return names.addresses(name);
        } catch (UnknownHostException | RuntimeException e) {
            throw new EgressFailure.ConnectFailed(
                    e.getClass().getSimpleName(), FaultDetail.Cause.UNKNOWN_NAME);
        }
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Resolver(executor);
    }

    private final class Resolver extends AbstractAddressResolver<InetSocketAddress> {
        Resolver(EventExecutor executor) {
            super(executor, InetSocketAddress.class);
        }

        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return false;
        }

        @Override
        protected void doResolve(InetSocketAddress target, Promise<InetSocketAddress> promise) {
            Thread.startVirtualThread(() -> complete(promise, () -> judged(target).getFirst()));
        }

        @Override
        protected void doResolveAll(
                InetSocketAddress target, Promise<List<InetSocketAddress>> promise) {
            Thread.startVirtualThread(() -> complete(promise, () -> judged(target)));
        }

        private static <T> void complete(
                Promise<T> promise, java.util.function.Supplier<T> judgement) {
            try {
                promise.trySuccess(judgement.get());
            } catch (Throwable e) {
                promise.tryFailure(e);
            }
        }
    }
}
