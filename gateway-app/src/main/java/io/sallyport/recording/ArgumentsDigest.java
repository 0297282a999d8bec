package io.sallyport.recording;

/** A keyed digest of canonical arguments, so that nobody can guess small ones from it. */
public interface ArgumentsDigest {
    String of(byte[] canonical);
}
