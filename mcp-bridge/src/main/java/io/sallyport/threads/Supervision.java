package io.sallyport.threads;

import java.util.Collections;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The threads that must live as long as one gateway does, each with its name and its state. */
public final class Supervision {
    private final Queue<SupervisedThread> threads = new ConcurrentLinkedQueue<>();

    /**
     * A daemon thread of the operating system, not yet started.
     *
     * @param name what operators are shown; never a name that a tenant chose
     */
    public SupervisedThread platform(String name, SupervisedThread.Work work) {
        return kept(new SupervisedThread(name, Thread.ofPlatform().daemon().name(name), work));
    }

    /** A virtual thread, not yet started; many of them may have one name. */
    public SupervisedThread virtual(String name, SupervisedThread.Work work) {
        return kept(new SupervisedThread(name, Thread.ofVirtual().name(name), work));
    }

    private SupervisedThread kept(SupervisedThread thread) {
        threads.removeIf(SupervisedThread::isStopped);
        threads.add(thread);
        return thread;
    }

    /** The worst state of each name among the threads that were not told to stop. */
    public Map<String, SupervisedThread.State> states() {
        var states = new TreeMap<String, SupervisedThread.State>();
        for (var thread : threads) {
            if (!thread.isStopped()) {
                states.merge(thread.name(), thread.state(), (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        return Collections.unmodifiableMap(states);
    }
}
