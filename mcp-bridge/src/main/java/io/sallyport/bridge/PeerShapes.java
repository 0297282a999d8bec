package io.sallyport.bridge;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What is taken out of a peer's words by its shape: keys of vendors, ids of organisations and
 * projects, URLs and addresses. Every repetition is bounded or possessive, so that no text makes
 * the search slow.
 */
final class PeerShapes {
    private record Shape(Pattern pattern, String replacement) {
        static Shape of(String replacement, String... regex) {
            return new Shape(Pattern.compile(String.join("|", regex)), replacement);
        }
    }

    /** With a digit somewhere: a word of a language has none. */
    private static final String WITH_DIGIT = "(?=[A-Za-z._~+/=-]{0,128}[0-9])";

    private static final Shape URLS =
            Shape.of(
                    "[url]",
                    "\\b[A-Za-z][A-Za-z0-9+.-]{1,20}:(?:\\\\?/){2}[^\\s\"'<>`]++",
                    "\\b[A-Za-z][A-Za-z0-9+.-]{1,20}%3[Aa]%2[Ff][^\\s\"'<>`]++",
                    "\\b[Ww]{3}\\.[^\\s\"'<>`]++");

    private static final Shape KEYS =
            Shape.of(
                    "[key]",
                    "-----BEGIN [A-Z ]{0,40}KEY-----[A-Za-z0-9+/=\\s\\\\]*+(?:-----END"
                            + " [A-Z ]{0,40}KEY-----)?",
                    "\\beyJ[A-Za-z0-9_-]{8,}+(?:\\.[A-Za-z0-9_-]{0,4096}+){1,4}",
                    "\\b(?:sk|pk|rk|csk|key|ctx7sk|tvly|xai|pplx|nvapi|glpat|xox[a-z]|xapp|pypi|PMAK"
                            + "|NRAK|AGE-SECRET-KEY)-[A-Za-z0-9*._-]{8,}+",
                    "\\b(?:sk|pk|rk)_(?:live|test|prod)_[A-Za-z0-9*]{8,}+",
                    "\\b(?:gh[opsur]|github_pat|sk|hf|gsk|r8|npm|ntn|secret|fw|tgp_v1|do[opr]_v1"
                            + "|lsv2|figd|lin_api|rubygems|sbp|sntry[su]|ph[cx]|glsa|whsec|shp[a-z]{2}"
                            + "|apify_api|jina|dckr_pat|ATATT|vc[pk]|sgp)_"
                            + WITH_DIGIT
                            + "[A-Za-z0-9_*+/=.-]{16,}+",
                    "\\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{12,}+",
                    "\\bAIza[0-9A-Za-z_-]{20,}+",
                    "\\bya29\\.[0-9A-Za-z_-]{10,}+",
                    "\\bSG\\.[0-9A-Za-z_.-]{16,}+",
                    "\\bhvs\\.[0-9A-Za-z_-]{16,}+",
                    "\\bdapi[0-9a-f]{24,}+",
                    "\\b(?:AC|SK)[0-9a-f]{32}\\b",
                    "\\b[0-9]{8,10}:[A-Za-z0-9_-]{32,}+",
                    "\\b[0-9A-Fa-f]{32,}+\\b",
                    "\\b(?=[A-Za-z]{0,128}[0-9])(?=[a-z0-9]{0,128}[A-Z])(?=[A-Z0-9]{0,128}[a-z])"
                            + "[A-Za-z0-9]{32,}+");

    private static final Shape CREDENTIALS =
            Shape.of(
                    "$1[key]",
                    "(?i)\\b((?:bearer|basic|token|apikey)\\s{1,4})"
                            + WITH_DIGIT
                            + "[A-Za-z0-9._~+/=*-]{8,}+");

    private static final Shape ASSIGNED =
            Shape.of(
                    "$1[key]",
                    "(?i)((?:api[-_ ]?key|access[-_ ]?key|secret|token|passw(?:or)?d|authorization)"
                            + "[\"'`]?\\s{0,4}[:=]\\s{0,4}[\"'`]?)"
                            + "(?=[^\\s\"'`,;&]{0,128}?[0-9])[^\\s\"'`,;&]{6,}+");

    private static final Shape IDS =
            Shape.of(
                    "[id]",
                    "\\b(?:org|proj|user|acct|team|wrkspc|workspace|project|account|tenant)[-_]"
                            + "(?=[A-Za-z0-9_-]{0,64}?[0-9A-Z])[A-Za-z0-9_-]{6,}+",
                    "\\barn:[^\\s\"'<>`]++");

    private static final String OWNERS =
            "(?:organi[sz]ation|org|project|workspace|account|tenant|subscription|team|customer)";

    private static final Shape ID_PATHS =
            Shape.of("$1[id]", "(?i)\\b((?:" + OWNERS + "s|resourceGroups)/)[A-Za-z0-9._:-]{2,}+");

    /** {@code organization org1}, {@code project "my-prod"}, {@code tenant_id: contoso}. */
    private static final Shape NAMED_IDS =
            Shape.of(
                    "$1$2$3[id]",
                    "(?i)\\b("
                            + OWNERS
                            + "(?:[ _-]?(?:id|number|name))?[\"'`]?(?:\\s{0,4}[:=]\\s{0,4}|\\s{1,4})"
                            + "[\"'`(]{0,2})(?=[A-Za-z_.-]{0,64}[0-9])[A-Za-z0-9_.-]{2,}+",
                    "(?i)\\b("
                            + OWNERS
                            + "(?:[ _-]?(?:id|number|name))?\\s{0,4}[:=]?\\s{0,4}[\"'`])"
                            + "[^\"'`\\s]{2,}+",
                    "(?i)\\b("
                            + OWNERS
                            + "[ _-]?(?:id|number)[\"'`]?\\s{0,4}[:=]\\s{0,4})[A-Za-z0-9_.-]{2,}+");

    private static final String PORT = "(?::[0-9]{1,5})?";

    private static final String HEX = "[0-9A-Fa-f]{1,4}";

    private static final String HEXES = HEX + "(?::" + HEX + "){0,6}";

    /** Ends of names that stand for a host; {@code node.js} and {@code tools.0.name} do not. */
    private static final String TOP =
            "(?:com|net|org|io|dev|ai|app|cloud|co|biz|edu|gov|mil|int|local|localdomain|internal"
                    + "|intern|intranet|lan|corp|home|private|svc|cluster|consul|test|example"
                    + "|invalid|localhost|arpa|tech|site|online|xyz|eu|de|uk|fr|ch|at|nl|be|es|pl"
                    + "|cz|jp|cn|us|br|au|ca|ru|kr|tw|hk|sg|nz|za|se|fi|dk)";

    private static final Shape ADDRESSES =
            Shape.of(
                    "[address]",
                    "(?<![\\w.%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}+",
                    "(?<![\\w.])[0-9]{1,3}(?:\\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?" + PORT + "(?!\\w)",
                    "(?<![\\w:])\\[?(?:"
                            + HEX
                            + ":){5,7}"
                            + HEX
                            + "(?:%\\w{1,16})?\\]?"
                            + PORT
                            + "(?!\\w)",
                    "(?<![\\w:])\\[?(?:"
                            + HEXES
                            + "::(?:"
                            + HEXES
                            + ")?|::"
                            + HEXES
                            + ")(?:(?:\\.[0-9]{1,3}){3})?(?:%\\w{1,16})?\\]?"
                            + PORT
                            + "(?![\\w:])",
                    "(?i)(?<![\\w.-])(?:[a-z0-9_][a-z0-9_-]{0,62}\\.){1,8}"
                            + TOP
                            + "\\.?"
                            + PORT
                            + "(?:/[^\\s\"'<>`]*+)?(?!\\.?[\\w-])",
                    "(?i)\\blocalhost" + PORT + "(?:/[^\\s\"'<>`]*+)?");

    /** Names without dots are hosts only where the words before say so. */
    private static final Shape NAMED_HOSTS =
            Shape.of(
                    "$1[address]",
                    "\\b((?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH"
                            + "|ETIMEDOUT)\\s{1,4})(?!\\[)[A-Za-z0-9][A-Za-z0-9._-]{0,253}+"
                            + PORT);

    private static final Shape QUOTED_HOSTS =
            Shape.of(
                    "$1[address]",
                    "(?i)\\b(host(?: ?name)?\\s{0,4}[:=]\\s{0,4}[\"'`]?)[^\\s\"'`,;)\\[]++");

    private static final Shape SPOKEN_HOSTS =
            Shape.of("$1[address]", "(?i)\\b(host(?: ?name)?\\s{1,4}[\"'`])[^\\s\"'`\\[]++");

    private static final Shape LOOKED_UP =
            Shape.of(
                    "$1[address]",
                    "\\b(lookup\\s{1,4})[^\\s:\\[]++(?=\\s{1,4}on\\s|:\\s{1,4}(?:no such host|i/o))");

    private static final Shape DIALLED =
            Shape.of(
                    "$1[address]",
                    "(?i)\\b((?:connect(?:ion|ing|ed)?|dial(?:ing)?|tcp)\\s{1,4}(?:to\\s{1,4})?)"
                            + "[A-Za-z][A-Za-z0-9_-]{0,62}:[0-9]{2,5}\\b");

    private static final List<Shape> ALL =
            List.of(
                    URLS,
                    KEYS,
                    CREDENTIALS,
                    ASSIGNED,
                    IDS,
                    ID_PATHS,
                    NAMED_IDS,
                    ADDRESSES,
                    NAMED_HOSTS,
                    QUOTED_HOSTS,
                    SPOKEN_HOSTS,
                    LOOKED_UP,
                    DIALLED);

    private PeerShapes() {}

    /** {@code text} with a mark in place of each of them. */
    static String without(String text) {
        var shown = text;
        for (var shape : ALL) {
            shown = shape.pattern().matcher(shown).replaceAll(shape.replacement());
        }
        return shown;
    }
}
