package io.sallyport.upstream.wire;

import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.ServerChange;
import java.util.Optional;
import java.util.Set;

/** The notifications that tell of changes; both eras have the same. */
public final class Changes {
    private Changes() {}

    /** What it tells of, if it is one. */
    public static Optional<ServerChange> of(RpcMessage.Notification notification) {
        return switch (notification.method()) {
            case "notifications/tools/list_changed" -> list(ListKind.TOOLS);
            case "notifications/prompts/list_changed" -> list(ListKind.PROMPTS);
            case "notifications/resources/list_changed" -> list(ListKind.RESOURCES);
            case "notifications/resources/updated" ->
                    Optional.of(notification.params().path("uri").asString(""))
                            .filter(uri -> !uri.isEmpty())
                            .map(ServerChange.OfResource::new);
            default -> Optional.empty();
        };
    }

    private static Optional<ServerChange> list(ListKind kind) {
        return Optional.of(new ServerChange.OfList(kind));
    }

    /** Whether it is one for somebody who wants to hear of {@code uris}. */
    public static boolean concern(ServerChange change, Set<String> uris) {
        return switch (change) {
            case ServerChange.OfList _ -> true;
            case ServerChange.OfResource(var uri) -> uris.contains(uri);
        };
    }
}
