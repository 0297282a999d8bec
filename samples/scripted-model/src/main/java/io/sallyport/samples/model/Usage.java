package io.sallyport.samples.model;

/** What a round claims to have cost, in tokens. Neither is negative. */
public record Usage(int prompt, int completion) {

    public Usage {
        if (prompt < 0 || completion < 0) {
            throw new IllegalArgumentException("tokens cannot be negative");
        }
    }

    int total() {
        return prompt + completion;
    }
}
