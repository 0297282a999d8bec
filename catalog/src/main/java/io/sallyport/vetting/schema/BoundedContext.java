package io.sallyport.vetting.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Counts the faults that one validation finds, since one can be reported for every item of a value
 * and every subschema, and keeps of each only what {@link ViolationText} reads.
 *
 * <p>The library writes a keyword's part of the schema, or the value, out for each fault anew. That
 * text is charged as soon as it is there, so that no more than one is written for nothing, and is
 * not kept.
 */
final class BoundedContext extends ExecutionContext {
    /** Schemas evaluated inside each other: 64 levels of value, a few schemas for each. */
    private static final int MAX_EVALUATION_DEPTH = 512;

    /** Faults that are collected before the validation is given up. */
    private static final int MAX_FAULTS = 5_000;

    /** A fault is built and kept, about a microsecond: one keyword can report thousands. */
    private static final long PER_FAULT = 100;

    /** Text that is written out, escaped and copied: 2.5 ns for each, at worst (measured). */
    private static final int CHARACTERS_PER_UNIT = 4;

    private static final ExecutionConfig BOUNDS =
            ExecutionConfig.builder()
                    .formatAssertionsEnabled(false)
                    .maxEvaluationDepth(MAX_EVALUATION_DEPTH)
                    .build();

    private int faults;

    BoundedContext() {
        super(BOUNDS);
        setErrors(new ArrayList<>());
    }

    /** The library adds to the list that it set, as often as it uses {@link #addError}. */
    @Override
    public void setErrors(List<Error> errors) {
        super.setErrors(errors instanceof Faults ? errors : new Faults(errors));
    }

    private void count(Error error) {
        if (++faults > MAX_FAULTS) {
            throw Effort.end();
        }
        Effort.charge(PER_FAULT + written(error) / CHARACTERS_PER_UNIT);
    }

    private static long written(Error error) {
        var arguments = error.getArguments();
        long written = 0;
        for (int at = 0; arguments != null && at < arguments.length; at++) {
            written += arguments[at] instanceof String text ? text.length() : 0;
        }
        return written;
    }

    private static Error withoutText(Error error) {
        return Error.builder()
                .keyword(error.getKeyword())
                .instanceLocation(error.getInstanceLocation())
                .schemaNode(error.getSchemaNode())
                .details(error.getDetails())
                .messageSupplier(() -> "")
                .build();
    }

    /** A list of the library, to which nothing is added uncounted. */
    private final class Faults extends AbstractList<Error> {
        private final List<Error> kept;

        Faults(List<Error> kept) {
            this.kept = kept;
        }

        @Override
        public Error get(int index) {
            return kept.get(index);
        }

        @Override
        public int size() {
            return kept.size();
        }

        @Override
        public void add(int index, Error error) {
            count(error);
            kept.add(index, withoutText(error));
        }

        /** They were counted where they were found. */
        @Override
        public boolean addAll(Collection<? extends Error> counted) {
            return kept.addAll(counted);
        }
    }
}
