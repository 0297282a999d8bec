package io.sallyport.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Text with signature lines (C2SP signed-note). Signs and opens; keeps no state. */
public final class SignedNote {
    /** Largest note: a checkpoint is about 200 bytes, sixteen witnesses add 3 KiB. */
    static final int MAX_CHARS = 64 * 1024;

    private static final int MAX_SIGNATURES = 100;
    private static final String SIGNATURE_START = "— ";

    private SignedNote() {}

    /**
     * Signs {@code text}.
     *
     * @param text ends in a newline, is not only that, and has no other control characters
     */
    public static String sign(String text, NoteSigner signer) {
        if (!isNoteText(text)) {
            throw new IllegalArgumentException("not the text of a note");
        }
        byte[] signature = signer.sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] identified =
                Arrays.copyOf(
                        signer.verifier().keyId(), NoteVerifier.KEY_ID_BYTES + signature.length);
        System.arraycopy(signature, 0, identified, NoteVerifier.KEY_ID_BYTES, signature.length);
        String encoded = Base64.getEncoder().encodeToString(identified);
        return text + "\n" + SIGNATURE_START + signer.name() + " " + encoded + "\n";
    }

    /** Opens {@code note} if at least one of {@code known} signed it and none of them badly. */
    public static NoteOpening open(String note, Collection<NoteVerifier> known) {
        int blank = note.lastIndexOf("\n\n");
        if (note.length() > MAX_CHARS || blank < 0 || !isNoteText(note.substring(0, blank + 1))) {
            return new NoteOpening.Refused(NoteOpening.Reason.MALFORMED);
        }
        String text = note.substring(0, blank + 1);
        return signatures(note.substring(blank + 2))
                .map(signatures -> check(text, signatures, known))
                .orElseGet(() -> new NoteOpening.Refused(NoteOpening.Reason.MALFORMED));
    }

    private static NoteOpening check(
            String text, List<SignatureLine> signatures, Collection<NoteVerifier> known) {
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        List<NoteVerifier> signers = new ArrayList<>();
        for (var verifier : known) {
            for (var signature : signatures) {
                if (!signature.isBy(verifier)) {
                    continue;
                }
                if (!verifier.verifies(signed, signature.signature())) {
                    return new NoteOpening.Refused(NoteOpening.Reason.BAD_SIGNATURE);
                }
                signers.add(verifier);
            }
        }
        return signers.isEmpty()
                ? new NoteOpening.Refused(NoteOpening.Reason.UNKNOWN_KEY)
                : new NoteOpening.Opened(text, signers);
    }

    private static Optional<List<SignatureLine>> signatures(String block) {
        if (!block.endsWith("\n")) {
            return Optional.empty();
        }
        List<SignatureLine> signatures = new ArrayList<>();
        for (String line : block.substring(0, block.length() - 1).split("\n", -1)) {
            var signature = SignatureLine.parse(line);
            if (signature.isEmpty() || signatures.size() == MAX_SIGNATURES) {
                return Optional.empty();
            }
            signatures.add(signature.get());
        }
        return Optional.of(signatures);
    }

    private static boolean isNoteText(String text) {
        return text.length() > 1
                && text.endsWith("\n")
                && text.chars().allMatch(c -> c >= 0x20 || c == '\n')
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private record SignatureLine(String name, byte[] keyId, byte[] signature) {
        static Optional<SignatureLine> parse(String line) {
            String[] parts = line.split(" ", -1);
            if (parts.length != 3 || !line.startsWith(SIGNATURE_START)) {
                return Optional.empty();
            }
            return decode(parts[2])
                    .filter(bytes -> NoteVerifier.isKeyName(parts[1]))
                    .map(bytes -> of(parts[1], bytes));
        }

        private static SignatureLine of(String name, byte[] bytes) {
            int split = NoteVerifier.KEY_ID_BYTES;
            return new SignatureLine(
                    name,
                    Arrays.copyOf(bytes, split),
                    Arrays.copyOfRange(bytes, split, bytes.length));
        }

        /** Decodes base64 in its one canonical spelling, at least a key id and one byte. */
        private static Optional<byte[]> decode(String base64) {
            try {
                byte[] bytes = Base64.getDecoder().decode(base64);
                return Optional.of(bytes)
                        .filter(decoded -> decoded.length > NoteVerifier.KEY_ID_BYTES)
                        .filter(b -> Base64.getEncoder().encodeToString(b).equals(base64));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        boolean isBy(NoteVerifier verifier) {
            return name.equals(verifier.name()) && Arrays.equals(keyId, verifier.keyId());
        }
    }
}
