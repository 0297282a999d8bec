package io.sallyport.store;

import io.sallyport.catalog.CallTimes;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.Era;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.Relay;
import io.sallyport.catalog.ServerProfile;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Transport;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Servers and tools as rows. Descriptors are kept as the very text of their trees. */
final class CatalogRows {
    /** Rows of one statement: 64 MB if every descriptor is as long as vetting allows. */
    static final int ROWS = 250;

    private static final String TOOLS =
            "select server, name, findings, status, risk, labels, lenient, "
                    + Documents.bounded("listed")
                    + ", "
                    + Documents.bounded("pinned")
                    + " from tool";

    private final Database database;

    CatalogRows(Database database) {
        this.database = database;
    }

    /**
     * A server has either a URL or the name of a launch profile. {@code egress} is what servers had
     * that were stored before there was more to permit.
     */
    private record ServerDocument(
            @Nullable String url,
            @Nullable String profile,
            Era era,
            Set<String> labels,
            @Nullable List<String> egress,
            String credential,
            @Nullable Set<Relay> relay,
            boolean stateless,
            @Nullable String reviewed,
            @Nullable CallTimes times,
            @Nullable EgressTerms terms,
            @Nullable Long revision,
            @Nullable Set<String> movedBy) {
        static ServerDocument of(McpServer server) {
            return switch (server.transport()) {
                case Transport.StreamableHttp(var url) -> of(server, url, null);
                case Transport.Stdio(var profile) -> of(server, null, profile);
            };
        }

        private static ServerDocument of(
                McpServer server, @Nullable String url, @Nullable String profile) {
            return new ServerDocument(
                    url,
                    profile,
                    server.era(),
                    server.labels(),
                    null,
                    server.credential(),
                    server.relay(),
                    server.stateless(),
                    server.reviewed().orElse(null),
                    server.times(),
                    server.egress(),
                    server.revision(),
                    server.movedBy());
        }

        Transport transport() {
            if (url != null) {
                return new Transport.StreamableHttp(url);
            }
            return new Transport.Stdio(Objects.requireNonNull(profile, "neither URL nor profile"));
        }

        EgressTerms permitted() {
            return Documents.terms(terms, egress);
        }

        /** Those that were stored before they could be changed are the oldest. */
        long age() {
            return revision == null ? 0 : revision;
        }

        Set<String> movers() {
            return movedBy == null ? Set.of() : movedBy;
        }

        /** What servers had that were registered before there was a choice. */
        Set<Relay> relayed() {
            return relay == null ? McpServer.DEFAULT_RELAY : relay;
        }

        /** The same for the time of calls. */
        CallTimes callTimes() {
            return times == null ? CallTimes.STANDARD : times;
        }
    }

    /** What a server said of itself; its trees as their own text. */
    private record ProfileDocument(
            Era era, String capabilities, @Nullable String instructions, String serverInfo) {
        static ProfileDocument of(ServerProfile profile) {
            return new ProfileDocument(
                    profile.era(),
                    JsonText.text(profile.capabilities()),
                    profile.instructions().orElse(null),
                    JsonText.text(profile.serverInfo()));
        }

        ServerProfile profile() {
            return new ServerProfile(
                    era,
                    Documents.tree(capabilities),
                    Optional.ofNullable(instructions),
                    Documents.tree(serverInfo));
        }
    }

    /** A descriptor with what identifies it, so that nothing is computed anew when it is read. */
    private record DescriptorDocument(String alias, String digest, @Nullable String text) {
        static DescriptorDocument of(ToolDescriptor descriptor) {
            return new DescriptorDocument(
                    descriptor.alias(), descriptor.digest(), JsonText.text(descriptor.tree()));
        }

        ToolDescriptor descriptor(ToolRef ref) {
            var tree = Documents.descriptor("name", ref.tool(), text);
            return new ToolDescriptor(ref, alias, digest, tree);
        }
    }

    static String document(McpServer server) {
        return Documents.write(ServerDocument.of(server));
    }

    static @Nullable String profile(McpServer server) {
        return server.profile().map(ProfileDocument::of).map(Documents::write).orElse(null);
    }

    /**
     * Whether a stored document describes this very server, at this place, with this credential and
     * its secret of that time.
     */
    static boolean isFor(String document, McpServer server) {
        var stored = Documents.read(document, ServerDocument.class);
        return stored.transport().equals(server.transport())
                && stored.credential().equals(server.credential())
                && stored.age() == server.revision();
    }

    List<McpServer> servers(TenantId tenant) {
        return database.jdbc()
                .sql("select slug, document, status, profile from server where tenant = ?")
                .param(tenant.value())
                .query((row, _) -> server(tenant, row))
                .list();
    }

    Optional<McpServer> server(TenantId tenant, ServerSlug slug) {
        return database.jdbc()
                .sql(
                        "select slug, document, status, profile from server"
                                + " where tenant = ? and slug = ?")
                .params(tenant.value(), slug.value())
                .query((row, _) -> server(tenant, row))
                .optional();
    }

    private static McpServer server(TenantId tenant, ResultSet row) throws SQLException {
        var document = Documents.read(row.getString("document"), ServerDocument.class);
        return new McpServer(
                tenant,
                new ServerSlug(row.getString("slug")),
                document.transport(),
                document.era(),
                ServerStatus.valueOf(row.getString("status")),
                document.labels(),
                document.permitted(),
                document.credential(),
                document.relayed(),
                document.stateless(),
                Optional.ofNullable(row.getString("profile")).map(CatalogRows::profile),
                Optional.ofNullable(document.reviewed()),
                document.callTimes(),
                document.age(),
                document.movers());
    }

    private static ServerProfile profile(String document) {
        return Documents.read(document, ProfileDocument.class).profile();
    }

    List<CatalogTool> tools(TenantId tenant) {
        return database.jdbc()
                .sql(TOOLS + " where tenant = ? order by server, name")
                .withFetchSize(ROWS)
                .param(tenant.value())
                .query((row, _) -> tool(row))
                .list();
    }

    List<CatalogTool> tools(TenantId tenant, ServerSlug server) {
        return database.jdbc()
                .sql(TOOLS + " where tenant = ? and server = ? order by name")
                .params(tenant.value(), server.value())
                .query((row, _) -> tool(row))
                .list();
    }

    private static CatalogTool tool(ResultSet row) throws SQLException {
        var ref = new ToolRef(new ServerSlug(row.getString("server")), row.getString("name"));
        var text = row.getString("listed");
        var listed = descriptor(ref, text);
        return new CatalogTool(
                listed,
                Documents.read(row.getString("findings"), new TypeReference<List<Finding>>() {}),
                ToolStatus.valueOf(row.getString("status")),
                Optional.ofNullable(row.getString("pinned"))
                        .map(it -> it.equals(text) ? listed : descriptor(ref, it)),
                Risk.valueOf(row.getString("risk")),
                Documents.read(row.getString("labels"), new TypeReference<Set<String>>() {}),
                row.getBoolean("lenient"));
    }

    private static ToolDescriptor descriptor(ToolRef ref, String text) {
        return Documents.read(text, DescriptorDocument.class).descriptor(ref);
    }

    /** What must be written for the server to have these tools instead of those known. */
    static Differences<String, ToolRow> difference(List<CatalogTool> known, List<CatalogTool> now) {
        var found = Differences.between(known, now, it -> it.ref().tool());
        return new Differences<>(found.gone(), found.written().stream().map(ToolRow::of).toList());
    }

    /** A tool as the texts of its columns, so that a transaction writes and does not compute. */
    record ToolRow(
            String name,
            String listed,
            String findings,
            String status,
            @Nullable String pinned,
            String risk,
            String labels,
            boolean lenient) {
        static ToolRow of(CatalogTool tool) {
            return new ToolRow(
                    tool.ref().tool(),
                    text(tool.listed()),
                    Documents.write(tool.findings()),
                    tool.status().name(),
                    CatalogRows.pinned(tool),
                    tool.risk().name(),
                    Documents.write(tool.labels()),
                    tool.lenient());
        }
    }

    void write(TenantId tenant, ServerSlug server, Differences<String, ToolRow> difference) {
        if (!difference.gone().isEmpty()) {
            database.jdbc()
                    .sql("delete from tool where tenant = ? and server = ? and name = any (?)")
                    .params(
                            tenant.value(),
                            server.value(),
                            difference.gone().toArray(String[]::new))
                    .update();
        }
        difference.pieces(ROWS).forEach(it -> write(tenant, server, it));
    }

    private void write(TenantId tenant, ServerSlug server, List<ToolRow> rows) {
        database.jdbc()
                .sql(
                        """
                        insert into tool (tenant, server, name, listed, findings, status, pinned,
                            risk, labels, lenient)
                        select ?, ?, r.*
                        from unnest(?, ?, ?, ?, ?, ?, ?, ?) r
                        on conflict (tenant, server, name) do update set
                            listed = excluded.listed, findings = excluded.findings,
                            status = excluded.status, pinned = excluded.pinned,
                            risk = excluded.risk, labels = excluded.labels,
                            lenient = excluded.lenient
                        """)
                .params(
                        tenant.value(),
                        server.value(),
                        texts(rows, ToolRow::name),
                        texts(rows, ToolRow::listed),
                        texts(rows, ToolRow::findings),
                        texts(rows, ToolRow::status),
                        texts(rows, ToolRow::pinned),
                        texts(rows, ToolRow::risk),
                        texts(rows, ToolRow::labels),
                        rows.stream().map(ToolRow::lenient).toArray(Boolean[]::new))
                .update();
    }

    @SuppressWarnings("NullAway") // SQL arrays may hold nulls
    static <T> String[] texts(List<T> rows, Function<T, @Nullable String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    private static @Nullable String pinned(CatalogTool tool) {
        return tool.pinned().map(CatalogRows::text).orElse(null);
    }

    private static String text(ToolDescriptor descriptor) {
        return Documents.write(DescriptorDocument.of(descriptor));
    }
}
