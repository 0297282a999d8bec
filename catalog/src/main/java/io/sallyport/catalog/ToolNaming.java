package io.sallyport.catalog;

import io.sallyport.json.Sha256;
import io.sallyport.policy.ServerSlug;
import io.sallyport.vetting.DescriptorVetting;
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
 *
 * @param maxLength characters of the longest name, 32 to 64
 */
public record ToolNaming(int maxLength) {
    /**
     * Clients put {@code mcp__}, their own name of this gateway and {@code __} before a name, and
     * model providers take 64 characters in all.
     */
    public static final int DEFAULT_LENGTH = 46;

    /** What is used unless an operator says otherwise. */
    public static final ToolNaming STANDARD = new ToolNaming(DEFAULT_LENGTH);

    /** So that a name has room for a hash and something readable. */
    public static final int LEAST_LENGTH = 32;

    /** Longest function name that model providers accept. */
    public static final int MOST_LENGTH = 64;

    /** What is left of the tool's own name beside a long slug. */
    private static final int SHORTEST_STEM = 5;

    private static final int HASH_DIGITS = 16;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern LOOKS_HASHED = Pattern.compile(".*_[0-9a-fA-F]{16}");

    public ToolNaming {
        if (maxLength < LEAST_LENGTH || maxLength > MOST_LENGTH) {
            throw new IllegalArgumentException("a longest alias of " + maxLength);
        }
    }

    /** Returns {@code slug__tool} where that is a safe name, else {@code slug__stem_hash}. */
    public String alias(ServerSlug server, String tool) {
        var plain = server.value() + "__" + tool;
        return isUsable(plain) ? plain : hashed(server, tool);
    }

    private boolean isUsable(String alias) {
        return alias.length() <= maxLength
                && PLAIN.matcher(alias).matches()
                && !LOOKS_HASHED.matcher(alias).matches();
    }

    /** The hash covers the whole slug, of which a long one is cut. */
    private String hashed(ServerSlug server, String tool) {
        int readable = maxLength - HASH_DIGITS - 1;
        int longest = readable - SHORTEST_STEM - 2;
        var slug = server.value();
        var prefix = slug.substring(0, Math.min(slug.length(), longest)) + "__";
        return prefix + stem(tool, readable - prefix.length()) + "_" + hash(server, tool);
    }

    /** What is readable of the name. */
    private static String stem(String tool, int room) {
        var start = tool.substring(0, Math.min(tool.length(), room));
        return start.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private static String hash(ServerSlug server, String tool) {
        var digest = Sha256.begin();
        digest.update(server.value().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(tool.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), HASH_DIGITS / 2));
    }
}
