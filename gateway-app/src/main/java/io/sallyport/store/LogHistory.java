package io.sallyport.store;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.TreeFrontier;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Computes the tree of a log from the hashes of its leaves, beginning with what was signed last. So
 * its root is one that continues the signed one, or there is none; the tree that the database keeps
 * is only compared.
 *
 * <p>The subtree roots of the last signed tree lie beside its checkpoint. They need not be trusted:
 * they give the signed root or they are not used. So a proof costs what was written since the last
 * checkpoint; without that file, or without a checkpoint, all hashes are read, about a second for a
 * million.
 */
final class LogHistory {
    /** Hashes of one query, 4 MiB with what the driver adds. */
    private static final int PAGE = 50_000;

    private final Database database;
    private final GatewayFolder folder;

    private record Stored(long size, TreeFrontier tree, long leaves) {}

    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    private record Hash(long index, byte[] hash) {}

    LogHistory(Database database, GatewayFolder folder) {
        this.database = database;
        this.folder = folder;
    }

    /**
     * The tree of the log as it stands, which continues the signed one.
     *
     * @throws Contradiction if it does not, if a leaf is missing, or if the stored tree is another
     */
    TreeFrontier proven(String log, Optional<Checkpoint> signed) {
        var stored = stored(log);
        if (stored.leaves() != stored.size() || stored.tree().size() != stored.size()) {
            throw new Contradiction(log, "has lost leaves");
        }
        var tree = signed.isPresent() ? signedTree(log, signed.get()) : new TreeFrontier();
        if (tree.size() > stored.size()) {
            throw new Contradiction(log, "is shorter than a checkpoint that was signed");
        }
        extend(log, tree, stored.size());
        if (!Arrays.equals(tree.root(), stored.tree().root())) {
            throw new Contradiction(log, "does not give the tree that is stored");
        }
        return tree;
    }

    private Stored stored(String log) {
        return database.jdbc()
                .sql(
                        """
                        select coalesce(t.size, 0) as size, t.frontier, coalesce(
                            (select max(l.index) + 1 from audit_leaf l where l.log = ?), 0) as leaves
                        from (select 1) one left join audit_tree t on t.log = ?
                        """)
                .params(log, log)
                .query((row, _) ->
                        new Stored(
                                row.getLong("size"),
                                decoded(log, row.getBytes("frontier")),
                                row.getLong("leaves")))
                .single();
    }

    private static TreeFrontier decoded(
            String log, byte @org.jspecify.annotations.Nullable [] frontier) {
        try {
            return frontier == null ? new TreeFrontier() : TreeFrontier.decode(frontier);
        } catch (IllegalArgumentException e) {
            throw new Contradiction(log, "has a tree that cannot be read");
        }
    }

    /** The tree that was signed, from the file beside the checkpoint or from its leaves. */
    private TreeFrontier signedTree(String log, Checkpoint signed) {
        var kept = kept(log).filter(it -> it.size() <= signed.size());
        if (kept.isPresent() && gives(log, kept.get(), signed)) {
            return kept.get();
        }
        var tree = new TreeFrontier();
        if (!gives(log, tree, signed)) {
            throw new Contradiction(log, "contradicts a checkpoint that was signed");
        }
        return tree;
    }

    private boolean gives(String log, TreeFrontier tree, Checkpoint signed) {
        extend(log, tree, signed.size());
        return Arrays.equals(tree.root(), signed.root());
    }

    private void extend(String log, TreeFrontier tree, long size) {
        while (tree.size() < size) {
            var page = page(log, tree.size(), Math.min(size, tree.size() + PAGE));
            for (var leaf : page) {
                if (leaf.index() != tree.size()) {
                    throw new Contradiction(log, "has lost leaves");
                }
                tree.append(leaf.hash());
            }
            if (page.isEmpty()) {
                throw new Contradiction(log, "is shorter than a checkpoint that was signed");
            }
        }
    }

    private List<Hash> page(String log, long from, long to) {
        return database.jdbc()
                .sql(
                        "select index, hash from audit_leaf where log = ? and index >= ?"
                                + " and index < ? order by index")
                .params(log, from, to)
                .query((row, _) -> new Hash(row.getLong("index"), row.getBytes("hash")))
                .list();
    }

    private Optional<TreeFrontier> kept(String log) {
        var file = folder.resolve(file(log));
        try {
            return Files.exists(file)
                    ? Optional.of(TreeFrontier.decode(Files.readAllBytes(file)))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty(); // it only saves time
        }
    }

    /** Keeps the tree of a checkpoint that was just signed. */
    void keep(String log, TreeFrontier tree) {
        folder.writeSecret(file(log), tree.encode());
    }

    private static String file(String log) {
        return "signed-" + log + ".tree";
    }

    /** The log is not what it was. */
    static final class Contradiction extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Contradiction(String log, String what) {
            super("the audit log of " + log + " " + what);
        }
    }
}
