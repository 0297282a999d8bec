package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The one name under which models and clients see a tool. The name depends on nothing but server
 * and tool, is a valid function name for every model provider, and is resolved by look-up only.
 *
 * <p>Different tools have different aliases: a slug holds no underscore, so a plain alias says
 * where the tool's name begins; a plain alias never looks like a hashed one; two hashed ones differ
 * unless 64 bits of SHA-256 collide, which {@link DescriptorVetting} refuses like a duplicate name.
 */
public final class ToolNaming {
    /** Longest function name that model providers accept. */
    private static final int MAX_LENGTH = 64;

    private static final int HASH_DIGITS = 16;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern LOOKS_HASHED = Pattern.compile(".*_[0-9a-fA-F]{16}");

    private ToolNaming() {}

    /** Returns {@code slug__tool} where that is a safe name, else {@code slug__stem_hash}. */
    public static String alias(ServerSlug server, String tool) {
        var plain = server.value() + "__" + tool;
        return isUsable(plain) ? plain : hashed(server, tool);
    }

    private static boolean isUsable(String alias) {
        return PLAIN.matcher(alias).matches() && !LOOKS_HASHED.matcher(alias).matches();
    }

    private static String hashed(ServerSlug server, String tool) {
        var prefix = server.value() + "__";
        int room = MAX_LENGTH - prefix.length() - 1 - HASH_DIGITS;
        return prefix + stem(tool, room) + "_" + hash(server, tool);
    }

    /** What is readable of the name. */
    private static String stem(String tool, int room) {
        var start = tool.substring(0, Math.min(tool.length(), room));
        return start.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private static String hash(ServerSlug server, String tool) {
        var digest = CanonicalJson.sha256Digest();
        digest.update(server.value().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(tool.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), HASH_DIGITS / 2));
    }
}
