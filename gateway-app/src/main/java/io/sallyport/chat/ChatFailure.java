package io.sallyport.chat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.error.Reason;
import io.sallyport.gate.UnderWay;
import io.sallyport.gate.Workers;
import io.sallyport.provider.ModelFailure;
import io.sallyport.recording.StoreFailure;
import java.util.concurrent.TimeoutException;

/** Ends a request with an error answer; carries nothing but that answer. */
final class ChatFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ChatError error;

    ChatFailure(ChatError error) {
        super(error.code(), null, false, false);
        this.error = error;
    }

    static ChatFailure invalid(Reason reason, String message, String param) {
        return new ChatFailure(ChatError.invalid(reason, message, param));
    }

    static ChatFailure invalidRequest(String message, String param) {
        return invalid(Reason.INVALID_REQUEST, message, param);
    }

    static ChatFailure auditUnavailable() {
        return new ChatFailure(ChatError.auditUnavailable());
    }

    ChatError error() {
        return error;
    }

    /** The answer for any failure; what nobody foresaw is an internal error without details. */
    static ChatError errorOf(Throwable failure) {
        return switch (failure) {
            case ChatFailure refused -> refused.error();
            case ModelFailure model -> ChatError.of(model);
            case StoreFailure _ -> ChatError.auditUnavailable();
            case MalformedJson malformed -> ChatError.of(malformed);
            case TimeoutException _ -> ChatError.timedOut();
            case InterruptedException _ -> ChatError.stopping();
            case Workers.CutOff _ -> ChatError.stopping();
            case UnderWay.Stopped _ -> ChatError.stopped();
            case Throwable _ -> ChatError.internal();
        };
    }

    /** Whether nobody foresaw it, so that an operator has to look. */
    static boolean isUnforeseen(Throwable failure) {
        return switch (failure) {
            case ChatFailure _, ModelFailure _, StoreFailure _, TimeoutException _ -> false;
            case InterruptedException _, Workers.CutOff _, UnderWay.Stopped _ -> false;
            case Throwable _ -> true;
        };
    }
}
