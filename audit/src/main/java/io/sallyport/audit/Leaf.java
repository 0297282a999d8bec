package io.sallyport.audit;

import io.sallyport.audit.json.CanonicalReader;
import io.sallyport.audit.json.JsonValue.Members;
import io.sallyport.audit.json.NotCanonical;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a reader of the log needs to know of a stored leaf.
 *
 * @param kind code of {@link AuditRecord.Kind}; may be one that this version does not know
 * @param micros microseconds since the epoch
 * @param frame the writer's frame
 * @param change {@link AuditRecord.Change#NONE} when absent
 * @param sealed {@link AuditRecord.Sealed#NONE} when absent
 * @param terms as an index of a store finds it
 */
public record Leaf(
        String kind,
        String log,
        long micros,
        WriterFrame frame,
        AuditRecord.Change change,
        AuditRecord.Sealed sealed,
        SearchTerms terms) {

    /** Reads a leaf; empty when the bytes are not a canonical leaf of a version known here. */
    public static Optional<Leaf> parse(byte[] leaf) {
        if (leaf.length > LeafBody.MAX_LEAF) {
            return Optional.empty();
        }
        try {
            return of(CanonicalReader.readObject(leaf), SearchTerms.canBeRead(leaf));
        } catch (NotCanonical e) {
            return Optional.empty();
        }
    }

    private static Optional<Leaf> of(Members members, boolean canBeRead) {
        String kind = members.text("kind");
        String log = members.text("log");
        long micros = members.whole("ts");
        boolean known = members.whole("v") == LeafBody.VERSION;
        if (!known || kind.isEmpty() || log.isEmpty() || micros < 0) {
            return Optional.empty();
        }
        var terms = canBeRead ? SearchTerms.of(kind, members) : SearchTerms.unread(kind);
        return frame(members.members("writer"))
                .map(frame ->
                        new Leaf(
                                kind,
                                log,
                                micros,
                                frame,
                                change(members.members("change")),
                                sealed(members.members("sealed")),
                                terms));
    }

    private static Optional<WriterFrame> frame(Members writer) {
        String previous = writer.text("prev");
        if (!isLowerHex(previous)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new WriterFrame(
                            writer.text("id"),
                            writer.whole("epoch"),
                            writer.whole("seq"),
                            HexFormat.of().parseHex(previous)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isLowerHex(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    private static AuditRecord.Change change(Members change) {
        return new AuditRecord.Change(
                change.text("target"),
                change.text("from"),
                change.text("to"),
                change.whole("count"),
                change.text("reason"));
    }

    private static AuditRecord.Sealed sealed(Members sealed) {
        return new AuditRecord.Sealed(
                sealed.text("id"),
                sealed.text("key"),
                sealed.text("subject"),
                sealed.text("month"),
                sealed.text("digest"));
    }
}
