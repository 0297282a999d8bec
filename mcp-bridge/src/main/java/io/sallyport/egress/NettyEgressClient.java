package io.sallyport.egress;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import reactor.core.publisher.Mono;

/** {@link EgressClient} on Reactor Netty. */
public final class NettyEgressClient implements EgressClient {
    private final EgressSettings settings;
    private final Lanes lanes;
    private final KeptBytes kept = KeptBytes.ofHeap();

    public NettyEgressClient(EgressSettings settings) {
        this.settings = settings;
        var standard = tls(settings.trust());
        this.lanes =
                new Lanes(
                        destination -> new Lane(destination, settings, tls(destination, standard)));
    }

    private static SslContext tls(Destination destination, SslContext standard) {
        var own = destination.terms().caBundle();
        return own.isEmpty() ? standard : tls(CaBundle.of(own).alone());
    }

    private static SslContext tls(TrustManagerFactory trust) {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .trustManager(trust)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("no usable TLS", e);
        }
    }

    @Override
    public Mono<EgressReply> send(EgressRequest request) {
        return Mono.defer(() -> {
            var lane = lanes.to(request.destination());
            return lane.enter()
                    ? new Exchange(request, keeper(request), lane::leave).over(lane.http())
                    : Mono.error(new EgressFailure.LimitReached());
        });
    }

    private EgressReply.Keeper keeper(EgressRequest request) {
        return kept.of(request.destination().tenant());
    }

    @Override
    public Mono<EgressVerdict> judge(Destination destination) {
        return Mono.fromFuture(() ->
                CompletableFuture.supplyAsync(
                        () -> verdict(destination), Thread::startVirtualThread));
    }

    private EgressVerdict verdict(Destination destination) {
        try {
            var rules = new DialRules(destination, settings.ownPort());
            new JudgedAddresses(settings.names(), rules).judged(target(destination.uri()));
            return new EgressVerdict.Permitted();
        } catch (EgressFailure.Denied denied) {
            return new EgressVerdict.Refused(denied.refusal());
        } catch (EgressFailure _) {
            return new EgressVerdict.Refused(EgressRefusal.ADDRESS);
        }
    }

    private static InetSocketAddress target(URI uri) {
        var origin = UrlText.origin(uri);
        return InetSocketAddress.createUnresolved(origin.host(), origin.port());
    }

    @Override
    public void forget(String pool) {
        lanes.close(pool);
    }

    @Override
    public void close() {
        lanes.closeAll();
    }
}
