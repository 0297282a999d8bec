package io.sallyport.threads;

/** Blocking code that makes items one after the other; see {@link BlockingFlux}. */
@FunctionalInterface
public interface Producer<T> {
    /** Runs to its end on a virtual thread; interrupted when the subscriber leaves. */
    void produce(Emitter<T> emitter) throws Exception;

    /** Where the items go. */
    @FunctionalInterface
    interface Emitter<T> {
        /** Hands over {@code item}, after waiting until the subscriber asks for it. */
        void emit(T item) throws InterruptedException;
    }
}
