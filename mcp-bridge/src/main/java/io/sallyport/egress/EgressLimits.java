package io.sallyport.egress;

/**
 * What one tenant may have under way at one server or provider, counted for each host. Another
 * tenant's are counted apart.
 *
 * @param connections open at the same time
 * @param waiting requests that wait for one of them; the next one is refused at once
 * @param patient open for minutes: requests that wait for a person, sessions that listen. They are
 *     counted apart, so that they keep no other request waiting
 */
public record EgressLimits(int connections, int waiting, int patient) {
    /** A thousand streams to one provider, and some more. */
    public static final int CONNECTIONS = 1_024;

    /** As many again: by then a request waits for longer than its time. */
    public static final int WAITING = 1_024;

    /** What may wait for persons at one server, and half of the sessions that may listen. */
    public static final int PATIENT = 1_600;

    public static final EgressLimits STANDARD = new EgressLimits(CONNECTIONS, WAITING, PATIENT);

    public EgressLimits {
        if (connections < 1 || waiting < 0 || patient < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
