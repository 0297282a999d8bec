package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.JsonText;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.TenantView;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Older gateways stored what is too large whole: it is cut when it is read. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class OlderDescriptorsTest {
    private static final ServerSlug ONE = new ServerSlug("one");

    private final FaultyPostgres postgres;

    OlderDescriptorsTest(FaultyPostgres postgres) {
        this.postgres = postgres;
    }

    /** The first is not even read, the second is text of one byte a character, the last of two. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "repeat('[[]],', 800000)",
                "'\"' || repeat('x', 300000) || '\",'",
                "'\"' || repeat('ü', 150000) || '\",'"
            })
    void aDescriptorThatIsTooLargeIsCutWhenItIsRead(String content) throws InterruptedException {
        var database = postgres.newDatabase();
        try (var node = StoreNode.open(postgres, database, "here", StoreNode.UNCONCERNED)) {
            new StoredServers(node).approve(ONE, List.of("first", "second"));
            var sequence = view(node).sequence();
            FaultyPostgres.execute(database, stored(content));
            eventually().until(() -> view(node).sequence() > sequence);
            assertIsCut(view(node));
        }
        try (var node = StoreNode.open(postgres, database, "here", StoreNode.UNCONCERNED)) {
            assertIsCut(view(node));
            assertThat(new StoredServers(node).list(ONE, List.of("third", "second"))).isTrue();
            var listed = view(node).tool(new ToolRef(ONE, "t0")).orElseThrow().listed();
            assertThat(listed.tree().path("description").asString()).isEqualTo("third");
        }
    }

    private static String stored(String content) {
        var item = "'{\"name\":\"t0\",\"x\":[' || " + content + " || '0]}'";
        return """
        update tool set status = 'REJECTED', pinned = null, listed = json_build_object(
            'alias', 'one__t0', 'digest', 'sha256:old', 'text', %1$s)::text
            where tenant = 'acme' and name = 't0';
        insert into entry (tenant, server, kind, key, listed, findings, status)
            values ('acme', 'one', 'PROMPT', 't0', json_build_object(
                'digest', 'sha256:old', 'text', %1$s)::text, '[]', 'REJECTED');
        update governance set sequence = sequence + 1 where tenant = 'acme';
        select pg_notify('governance', 'acme')\
        """
                .formatted(item);
    }

    private static void assertIsCut(TenantView view) {
        var tool = view.tool(new ToolRef(ONE, "t0")).orElseThrow().listed();
        var prompt = view.entry(new EntryRef(ONE, EntryKind.PROMPT, "t0")).orElseThrow().listed();
        for (var listed : List.of(tool, prompt)) {
            assertThat(listed.digest()).isEqualTo("sha256:old");
            assertThat(JsonText.text(listed.tree()))
                    .isEqualTo("{\"name\":\"t0\",\"not_shown\":\"descriptor_too_large\"}");
        }
        var other = view.tool(new ToolRef(ONE, "t1")).orElseThrow();
        assertThat(other.listed().tree().path("description").asString()).isEqualTo("second");
        assertThat(other.pinned().orElseThrow()).isSameAs(other.listed());
    }

    private static TenantView view(StoreNode node) {
        return node.store().views().view(StoreNode.TENANT);
    }
}
