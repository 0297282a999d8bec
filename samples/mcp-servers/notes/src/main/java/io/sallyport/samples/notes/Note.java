package io.sallyport.samples.notes;

/**
 * One note.
 *
 * @param id {@code n} and a number, such as {@code n2}
 */
record Note(String id, String title, String text) {

    String line() {
        return id + "  " + title;
    }

    String whole() {
        return title + "\n\n" + text;
    }
}
