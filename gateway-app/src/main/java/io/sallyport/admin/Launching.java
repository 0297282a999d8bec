package io.sallyport.admin;

import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.Transport;
import io.sallyport.error.Reason;
import io.sallyport.servers.Launch;
import io.sallyport.servers.LaunchProfiles;
import java.util.Optional;

/** What the admin API says of programs that are, or are not, started as servers. */
final class Launching {
    private final LaunchProfiles profiles;

    Launching(LaunchProfiles profiles) {
        this.profiles = profiles;
    }

    /** A request to run a program is told apart from a typing mistake, and always refused. */
    static Refusal notByRequest() {
        return new Refusal(
                422,
                Reason.STDIO_DISABLED,
                "Only the operator's file of launch profiles says which programs are started.");
    }

    /** Whatever else is wrong with a request, it learns first that nothing is started. */
    void requireOn() {
        switch (profiles) {
            case LaunchProfiles.Off _ -> throw off();
            case LaunchProfiles.OfFile _ -> {
                // which of them is asked for is looked at later
            }
        }
    }

    /** Refuses a profile that the operator's file does not have; says nothing of the others. */
    void require(String profile) {
        refusal(profile)
                .ifPresent(it -> {
                    throw it;
                });
    }

    private Optional<Refusal> refusal(String profile) {
        return switch (profiles.find(profile)) {
            case Launch.Permitted _ -> Optional.empty();
            case Launch.Unknown _ -> Optional.of(unknown());
            case Launch.Refused _ -> Optional.of(refused());
            case Launch.Off _ -> Optional.of(off());
        };
    }

    static Refusal off() {
        return new Refusal(
                422,
                Reason.STDIO_DISABLED,
                "Servers that are started as programs are off: the operator serves without"
                        + " --profiles.");
    }

    private static Refusal unknown() {
        return new Refusal(
                422,
                Reason.INVALID_REQUEST,
                "The operator's file has no launch profile of that name.");
    }

    /** Why is for the operator, in the log and where profiles are reported. */
    private static Refusal refused() {
        return new Refusal(
                422, Reason.INVALID_REQUEST, "The launch profile of that name cannot be used.");
    }

    /** Refuses to ask a server that nothing can start any more. */
    void require(McpServer server) {
        refusal(server)
                .ifPresent(it -> {
                    throw it;
                });
    }

    /** Why no call can reach the server, if that is known without trying. */
    Optional<String> unavailable(McpServer server) {
        return refusal(server).map(Refusal::sentence);
    }

    private Optional<Refusal> refusal(McpServer server) {
        return switch (server.transport()) {
            case Transport.StreamableHttp _ -> Optional.empty();
            case Transport.Stdio(var profile) -> refusal(profile);
        };
    }
}
