package io.sallyport.architecture.planted.chat;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Planted: this is allowed. */
final class SchedulesOnly {
    private SchedulesOnly() {}

    static Mono<String> answer(Mono<String> answer, Scheduler scheduler) {
        return answer.subscribeOn(scheduler);
    }
}
