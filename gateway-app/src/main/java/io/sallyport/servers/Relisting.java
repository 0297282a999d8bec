package io.sallyport.servers;

/** What came of listing a server again. */
enum Relisting {
    SAME,
    /** Something was stored. */
    CHANGED,
    /** It did not answer, or calls may not reach it any more. */
    FAILED
}
