package io.sallyport.upstream.session;

import io.sallyport.upstream.wire.McpHttp;

/**
 * What every request to one server goes through.
 *
 * @param http for what is answered soon
 * @param patient for what may be open for minutes
 */
record SessionWire(
        McpHttp http, McpHttp patient, BestEffortNotices farewell, PendingInputRequests parking) {
    SessionWire(McpHttp http, PendingInputRequests parking) {
        this(http, http.patient(), new BestEffortNotices(http), parking);
    }
}
