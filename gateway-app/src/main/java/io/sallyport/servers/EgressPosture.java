package io.sallyport.servers;

import java.util.function.IntPredicate;

/**
 * How strict egress is.
 *
 * @param loopbackHttp whether plain http to loopback is allowed ({@code --dev})
 * @param ownPort true for the ports of this gateway and its database, to which nothing may connect
 */
public record EgressPosture(boolean loopbackHttp, IntPredicate ownPort) {}
