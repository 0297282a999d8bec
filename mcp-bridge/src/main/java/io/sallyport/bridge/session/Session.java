package io.sallyport.bridge.session;

import io.sallyport.bridge.Header;
import io.sallyport.bridge.ServerGreeting;
import java.util.List;

/**
 * An open session.
 *
 * @param named whether the server gave it an id; one without cannot get lost
 * @param headers what every request of this session carries
 */
record Session(ServerGreeting greeting, boolean named, List<Header> headers) {}
