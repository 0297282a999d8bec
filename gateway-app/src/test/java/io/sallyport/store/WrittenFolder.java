package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A data folder whose logs a real store wrote over two starts, with its database running and no
 * gateway; it can be put back to how it was after the first start and after the second.
 */
final class WrittenFolder implements AutoCloseable {
    private static final List<String> TABLES =
            List.of(
                    "audit_intake",
                    "audit_leaf",
                    "audit_tree",
                    "audit_lane",
                    "audit_epoch",
                    "audit_payload",
                    "audit_search",
                    "audit_search_mark",
                    "audit_keys.subject_key");

    private final GatewayFolder folder;
    private final EmbeddedDatabase embedded;
    private final List<TenantId> logs;
    private final Map<String, Map<Path, byte[]>> files = new HashMap<>();
    private final Map<TenantId, String> outside = new HashMap<>();

    WrittenFolder(Path path, List<TenantId> logs) throws InterruptedException {
        folder = GatewayFolder.open(path);
        folder.writeSecret("seal.key", "00".repeat(32).getBytes(StandardCharsets.US_ASCII));
        embedded = EmbeddedDatabase.start(folder);
        this.logs = logs;
        write("older");
        write("newer");
    }

    private void write(String moment) throws InterruptedException {
        try (var store = open()) {
            for (var log : logs) {
                write(store, log, moment);
                outside.put(log, store.audit().checkpoint(log));
                append(store, new TrailEntry.Fact(record(Kind.HEARTBEAT, log)));
            }
        }
        keep(moment);
    }

    Store open() throws InterruptedException {
        return Store.open(
                new Store.Settings(address(), folder, new byte[32], "node", Clock.systemUTC()));
    }

    private static void write(Store store, TenantId log, String moment)
            throws InterruptedException {
        if (store.settings().tenants().stream().noneMatch(log::equals) && !isSystem(log)) {
            store.settings().create(log, StoreNode.admin());
        }
        var sequence = store.views().view(log).sequence();
        for (int i = 0; i < 8; i++) {
            var payloads = store.payloads();
            var subject = payloads.pseudonym(log, "user:" + (i % 2 == 0 ? "ada" : "bob"));
            var text = ("arguments " + i).getBytes(StandardCharsets.UTF_8);
            var sealing = payloads.seal(log, subject, text, text);
            var record = record(Kind.CALL_INTENT, log).with(sealing.reference());
            var key = moment + "/" + log + "/" + i;
            append(store, new TrailEntry.Intent(record, key, sequence, sealing.sealed()));
            append(store, new TrailEntry.Fact(record(Kind.CALL_DENIED, log)));
        }
    }

    private static boolean isSystem(TenantId log) {
        return log.equals(TenantId.SYSTEM);
    }

    private static AuditRecord record(Kind kind, TenantId log) {
        return AuditRecord.of(kind, log.value(), Clock.systemUTC().instant())
                .with(AuditRecord.Decision.allow("reads", "sha256:77", 12));
    }

    private static void append(Store store, TrailEntry entry) throws InterruptedException {
        assertThat(store.trail().append(entry)).isInstanceOf(Appended.Written.class);
    }

    DatabaseAddress address() {
        return embedded.address();
    }

    Path path() {
        return folder.root();
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** A checkpoint that covers all but the last record of the newer state. */
    String outside(TenantId log) {
        return Objects.requireNonNull(outside.get(log));
    }

    void sql(String statements) {
        FaultyPostgres.execute(address(), "set session_replication_role = replica; " + statements);
    }

    private void keep(String moment) {
        logs.forEach(it -> sql("select audit_index('%s', 100000)".formatted(it)));
        var copies = new StringBuilder("create schema " + moment + ";");
        TABLES.forEach(it ->
                copies.append("create table %s as table %s;".formatted(copy(moment, it), it)));
        sql(copies.toString());
        files.put(moment, read());
    }

    private Map<Path, byte[]> read() {
        try (var list = Files.list(folder.root())) {
            var contents = new HashMap<Path, byte[]>();
            for (var file : list.filter(WrittenFolder::isOurs).toList()) {
                contents.put(file, Files.readAllBytes(file));
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(Path file) {
        var name = file.getFileName().toString();
        return name.startsWith("signed-") || name.equals(CheckpointSigner.KEY_FILE);
    }

    private static String copy(String moment, String table) {
        return moment + "." + table.replace("audit_keys.", "");
    }

    /** Puts the database back. */
    void restoreDatabase(String moment) {
        var statements = new StringBuilder();
        for (var table : List.of("audit_search", "audit_search_mark")) {
            statements.append("alter table if exists %1$s_later rename to %1$s;".formatted(table));
        }
        TABLES.forEach(it ->
                statements.append(
                        "delete from %1$s; insert into %1$s select * from %2$s;"
                                .formatted(it, copy(moment, it))));
        sql(statements.toString());
    }

    /** Puts the files back that a gateway keeps beside its database. */
    void restoreFiles(String moment) {
        try {
            for (var file : read().keySet()) {
                Files.delete(file);
            }
            for (var file : filesOf(moment).entrySet()) {
                Files.write(file.getKey(), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<Path, byte[]> filesOf(String moment) {
        return Objects.requireNonNull(files.get(moment));
    }

    /** What a file held then. */
    byte[] then(String moment, String name) {
        return Objects.requireNonNull(filesOf(moment).get(file(name)));
    }

    @Override
    public void close() {
        embedded.close();
    }
}
