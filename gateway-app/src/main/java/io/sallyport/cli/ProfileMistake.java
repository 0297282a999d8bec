package io.sallyport.cli;

/** A launch profile cannot be used; the message says where and why, and shows no secret. */
final class ProfileMistake extends Exception {
    private static final long serialVersionUID = 1L;

    ProfileMistake(String message) {
        super(message, null, false, false);
    }
}
