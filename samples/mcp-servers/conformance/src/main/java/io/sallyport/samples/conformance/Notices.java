package io.sallyport.samples.conformance;

/** What a client is told while its request runs, if it wants to know. */
interface Notices {

    void progress(int done, int total);

    void log(String level, String text);

    /** Ends the request's stream; the client must come back for the answer. Not in every era. */
    void disconnect();
}
