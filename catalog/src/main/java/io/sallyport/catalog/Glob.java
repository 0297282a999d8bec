package io.sallyport.catalog;

/** Globs in which {@code *} stands for any characters except {@code /}. */
final class Glob {
    private Glob() {}

    /** Takes time in the product of both lengths at worst; uses no recursion. */
    static boolean matches(String glob, String text) {
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (at < text.length()) {
            if (in < glob.length() && glob.charAt(in) == '*') {
                star = in++;
                resume = at;
            } else if (in < glob.length() && glob.charAt(in) == text.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0 && text.charAt(resume) != '/') {
                in = star + 1;
                at = ++resume; // the last star takes one character more
            } else {
                return false;
            }
        }
        return onlyStars(glob, in);
    }

    private static boolean onlyStars(String glob, int from) {
        return glob.substring(from).chars().allMatch(unit -> unit == '*');
    }
}
