package io.sallyport.egress;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** A permission {@code CIDR:port} to reach addresses that are not public. */
record AddressException(Cidr block, int port) {
    private static final Pattern SHAPE =
            Pattern.compile("([0-9a-fA-F:.]+/[0-9]{1,3}):([1-9][0-9]{0,4})");

    public static boolean isValid(String text) {
        return read(text).isPresent();
    }

    /**
     * @throws IllegalArgumentException if {@code text} is not {@code CIDR:port}
     */
    public static AddressException parse(String text) {
        return read(text)
                .orElseThrow(() -> new IllegalArgumentException("not an exception CIDR:port"));
    }

    private static Optional<AddressException> read(String text) {
        var shape = SHAPE.matcher(text);
        if (!shape.matches() || Integer.parseInt(shape.group(2)) > 65_535) {
            return Optional.empty();
        }
        int port = Integer.parseInt(shape.group(2));
        return Cidr.parse(shape.group(1)).map(block -> new AddressException(block, port));
    }

    boolean permits(InetAddress address, int dialled) {
        return dialled == port && block.contains(address.getAddress());
    }
}
