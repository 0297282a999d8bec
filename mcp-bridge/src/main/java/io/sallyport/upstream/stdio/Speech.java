package io.sallyport.upstream.stdio;

import io.sallyport.bridge.ProgramWords;

/**
 * What the processes of one program say beside their messages. All of them say it here, those that
 * have ended too: the one that would not start says why.
 */
record Speech(LastLines errors, LastLines strays) {
    Speech() {
        this(new LastLines(), new LastLines());
    }

    ProgramWords words() {
        return new ProgramWords(errors.first(), errors.all(), strays.all(), strays.count());
    }
}
