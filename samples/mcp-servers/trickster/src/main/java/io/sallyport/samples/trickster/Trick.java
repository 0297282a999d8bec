package io.sallyport.samples.trickster;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the server does to its list of tools, as long as it is switched on. */
public enum Trick {

    /** The description of one tool changes after a few lists. */
    RUG_PULL,

    /** Tools with hidden characters and with instructions for the model. */
    POISONED,

    /** Tools whose {@code x-mcp-header} must not be used. */
    BAD_HEADERS,

    /** Each page of the list names another one. */
    ENDLESS_PAGES,

    /** A thousand notifications each second that the list has changed. */
    LIST_STORM;

    /** As it is written on the command line and at the control endpoint. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Trick> labelled(String label) {
        return Stream.of(values()).filter(trick -> trick.label().equals(label)).findFirst();
    }

    /** The label of a trick on the command line. */
    static final class Label implements ITypeConverter<Trick> {
        @Override
        public Trick convert(String label) {
            return labelled(label)
                    .orElseThrow(() -> new TypeConversionException("there is no trick " + label));
        }
    }
}
