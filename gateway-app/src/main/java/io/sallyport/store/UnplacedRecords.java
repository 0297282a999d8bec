package io.sallyport.store;

import io.sallyport.audit.RecordId;
import io.sallyport.store.IntakeLanes.Mark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What this process has written and has not seen in a tree yet. The integrator finds its work in
 * tables that whoever writes to the database can change: a lane that is not in them, or that they
 * call finished, would be passed by, and nobody would miss its records. Here they are missed.
 */
final class UnplacedRecords {
    private static final long PAUSE_NANOS = 500_000_000L;

    private final Database database;
    private final Map<Lane, Span> written = new ConcurrentHashMap<>();

    /** One span of a lane at a time; by the thread that integrates. */
    private final Map<Lane, Expected> expected = new HashMap<>();

    private long lookedAt = System.nanoTime();
    private List<Mark> missing = List.of();

    private record Lane(String log, String writer, long epoch) {}

    /** The records of a lane after one, and up to another. */
    private record Span(long after, long last) {
        Span and(Span other) {
            return new Span(Math.min(after, other.after), Math.max(last, other.last));
        }
    }

    private record Expected(Lane lane, Span span, long since) {
        /** The last record of the lane whose place in the tree was seen. */
        Mark mark() {
            return new Mark(lane.log(), lane.writer(), lane.epoch(), span.after());
        }
    }

    UnplacedRecords(Database database) {
        this.database = database;
    }

    /** A record of this process is on disk. */
    void written(String log, RecordId id) {
        var lane = new Lane(log, id.writer(), id.epoch());
        written.merge(lane, new Span(id.sequence() - 1, id.sequence()), Span::and);
    }

    /** Whatever is written by this moment is expected to get its place. */
    void expect(long now) {
        for (var lane : List.copyOf(written.keySet())) {
            if (!expected.containsKey(lane)) {
                Optional.ofNullable(written.remove(lane))
                        .ifPresent(it -> expected.put(lane, new Expected(lane, it, now)));
            }
        }
    }

    /**
     * Lanes with records that are in no tree, each with the last one that is; looks every half
     * second. Ask only after everything is said to be in a tree that was written before a moment.
     *
     * @param caughtUpAt that moment
     */
    List<Mark> missing(long caughtUpAt) {
        var now = System.nanoTime();
        if (now - lookedAt > PAUSE_NANOS) {
            lookedAt = now;
            missing = look(caughtUpAt);
        }
        return missing;
    }

    private List<Mark> look(long caughtUpAt) {
        var due = expected.values().stream().filter(it -> it.since() - caughtUpAt < 0).toList();
        if (due.isEmpty()) {
            return List.of();
        }
        var lacking = lacking(due);
        due.stream()
                .map(Expected::lane)
                .filter(it -> !lacking.contains(it))
                .forEach(expected::remove);
        return due.stream().filter(it -> lacking.contains(it.lane())).map(Expected::mark).toList();
    }

    /** Reads the index of the leaves, as far as it has grown since the last look. */
    private Set<Lane> lacking(List<Expected> due) {
        var found =
                database.jdbc()
                        .sql(
                                """
                                select e.n from unnest(?::text[], ?::text[], ?::bigint[],
                                        ?::bigint[], ?::bigint[])
                                    with ordinality e (log, writer, epoch, after, last, n)
                                where e.last - e.after > (select count(*) from audit_leaf l
                                    where l.log = e.log and l.writer = e.writer
                                        and l.epoch = e.epoch
                                        and l.wseq > e.after and l.wseq <= e.last)
                                """)
                        .params(
                                texts(due, it -> it.lane().log()),
                                texts(due, it -> it.lane().writer()),
                                numbers(due, it -> it.lane().epoch()),
                                numbers(due, it -> it.span().after()),
                                numbers(due, it -> it.span().last()))
                        .query(Integer.class)
                        .list();
        var lacking = new HashSet<Lane>();
        found.forEach(it -> lacking.add(due.get(it - 1).lane()));
        return lacking;
    }

    private static String[] texts(List<Expected> due, Function<Expected, String> column) {
        return due.stream().map(column).toArray(String[]::new);
    }

    private static long[] numbers(List<Expected> due, ToLongFunction<Expected> column) {
        return due.stream().mapToLong(column).toArray();
    }
}
