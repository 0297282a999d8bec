package io.sallyport.samples.conformance;

import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Which revisions of MCP a server speaks. */
public enum Era {

    /** 2026-07-28: no sessions, every request says all about itself. */
    MODERN,

    /** 2025-03-26 to 2025-11-25: {@code initialize} and sessions. */
    LEGACY,

    BOTH;

    /** As it is written on the command line. */
    static final class Name implements ITypeConverter<Era> {
        @Override
        public Era convert(String name) {
            return Stream.of(values())
                    .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("must be modern, legacy or both"));
        }
    }

    boolean isModern() {
        return this != LEGACY;
    }

    boolean isLegacy() {
        return this != MODERN;
    }
}
