package io.sallyport.admin;

import io.sallyport.error.Reason;
import io.sallyport.servers.Launch;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.servers.LaunchProfiles.Reloaded;
import io.sallyport.servers.LaunchProfiles.Reread;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/profiles}: the operator's file of programs, for platform admins. */
final class ProfilesApi {
    private final LaunchProfiles profiles;

    ProfilesApi(LaunchProfiles profiles) {
        this.profiles = profiles;
    }

    /** Reads the file again; shows no argument, no variable and no path. */
    AdminAnswer reload(AdminRequest request) {
        return switch (profiles) {
            case LaunchProfiles.Off _ -> throw Launching.off();
            case LaunchProfiles.OfFile file -> reloaded(file.reload());
        };
    }

    private static AdminAnswer reloaded(Reloaded reloaded) {
        return switch (reloaded) {
            case Reloaded.Done(var profiles) ->
                    AdminAnswer.list(
                            profiles.stream().map(ProfilesApi::json).toList(), Optional.empty());
            case Reloaded.Failed(var why) ->
                    throw new Refusal(
                            422,
                            Reason.INVALID_REQUEST,
                            "The profiles file " + why + "; what it said before holds.");
        };
    }

    private static ObjectNode json(Reread reread) {
        var json = AdminAnswer.JSON.objectNode().put("name", reread.name());
        switch (reread.launch()) {
            case Launch.Permitted(_, var digest) ->
                    json.put("status", "permitted").put("digest", digest);
            case Launch.Refused(var why) -> json.put("status", "refused").put("reason", why);
            case Launch.Unknown _, Launch.Off _ -> json.put("status", "removed");
        }
        return json.put("change", reread.change().code());
    }

    /** The profiles that cannot be used, as the posture shows them. */
    static void refused(LaunchProfiles profiles, ObjectNode posture) {
        if (profiles instanceof LaunchProfiles.OfFile file && !file.refused().isEmpty()) {
            var list = posture.putArray("refused_profiles");
            file.refused()
                    .forEach((name, why) -> list.addObject().put("name", name).put("reason", why));
        }
    }
}
