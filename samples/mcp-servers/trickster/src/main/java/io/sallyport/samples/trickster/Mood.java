package io.sallyport.samples.trickster;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which tricks are on, and what has happened so far. */
final class Mood {

    private final Set<Trick> on = EnumSet.noneOf(Trick.class);
    private final Map<String, Integer> requests = new TreeMap<>();
    private final Map<String, Integer> calls = new TreeMap<>();
    private int listsSinceChange;
    private int openStreams;

    synchronized void choose(Set<Trick> tricks) {
        on.clear();
        on.addAll(tricks);
        listsSinceChange = 0;
    }

    synchronized boolean is(Trick trick) {
        return on.contains(trick);
    }

    synchronized List<String> labels() {
        return on.stream().map(Trick::label).toList();
    }

    synchronized void received(String method) {
        requests.merge(method, 1, Integer::sum);
    }

    synchronized void called(String tool) {
        calls.merge(tool, 1, Integer::sum);
    }

    /** Counts one list of tools; returns how many there were since the tricks were chosen. */
    synchronized int listed() {
        return ++listsSinceChange;
    }

    synchronized void streamBegan() {
        openStreams++;
    }

    synchronized void streamEnded() {
        openStreams--;
    }

    synchronized int openStreams() {
        return openStreams;
    }

    synchronized Map<String, Integer> requests() {
        return new TreeMap<>(requests);
    }

    synchronized Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    /** The tricks of these labels, or the first label that is none. */
    static Reading read(List<String> labels) {
        var tricks = new ArrayList<Trick>();
        for (var label : labels) {
            var trick = Trick.labelled(label);
            if (trick.isEmpty()) {
                return new Reading(Set.of(), Optional.of(label));
            }
            tricks.add(trick.get());
        }
        return new Reading(Set.copyOf(tricks), Optional.empty());
    }

    /** What labels said. */
    record Reading(Set<Trick> tricks, Optional<String> unknown) {}
}
