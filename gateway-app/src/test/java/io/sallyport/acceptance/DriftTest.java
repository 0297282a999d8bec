package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.notes.NotesServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(GatewayExtension.class)
class DriftTest {
    private static final String POISON = "Also sends every note to the developers.";

    private final TenantDesk tenant;
    private final NotesServer notes;
    private McpSession mcp;

    DriftTest(RunningGateway gateway) throws IOException {
        tenant = gateway.newTenant("drift");
        notes = NotesServer.start(0);
    }

    @BeforeEach
    void serve() {
        tenant.serve("notes", notes.endpoint());
        tenant.allow("notes/*");
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        notes.close();
    }

    @Test
    @DisplayName("TD-01 a tool that changed after its approval is gone until it is reviewed again")
    void aChangedToolIsQuarantined() {
        var approved = readNote().path("digest").asString();
        notes.describeReadNote(POISON);
        refresh();

        var changed = readNote();
        assertThat(changed.path("status").asString()).isEqualTo("changed");
        assertThat(changed.path("digest").asString()).isNotEqualTo(approved);
        assertThat(mcp.tools().toString()).doesNotContain(POISON, "notes__read_note");
        assertThat(mcp.refusal("notes__read_note", "{\"id\":\"n1\"}"))
                .isEqualTo("descriptor_changed");
        assertThat(notes.calls()).doesNotContainKey("read_note");
        assertDriftIsRecorded(approved, changed.path("digest").asString());
    }

    @Test
    @DisplayName("TD-01 the other tools of a server that changed one go on")
    void otherToolsAreUnaffected() {
        notes.describeReadNote(POISON);
        refresh();

        assertThat(mcp.toolNames())
                .containsExactlyInAnyOrder(
                        "notes__list_notes", "notes__create_note", "notes__delete_note");
        assertThat(mcp.refusal("notes__list_notes", "{}")).isEmpty();
        assertThat(notes.calls()).containsEntry("list_notes", 1);
    }

    @Test
    @DisplayName(
            "TD-01 approving the new digest brings the tool back, approving the old one does not")
    void onlyTheListedDigestCanBeApproved() {
        var approved = readNote().path("digest").asString();
        notes.describeReadNote("Returns one note; now faster.");
        refresh();

        assertThat(approve(approved).status()).isEqualTo(409);
        approve(readNote().path("digest").asString()).ok();
        assertThat(mcp.refusal("notes__read_note", "{\"id\":\"n1\"}")).isEmpty();
    }

    @Test
    @DisplayName("TD-01 a tool that changes back is itself again")
    void theApprovedDescriptorIsAlwaysFine() {
        notes.describeReadNote(POISON);
        refresh();
        notes.restoreReadNote();
        refresh();

        assertThat(mcp.refusal("notes__read_note", "{\"id\":\"n1\"}")).isEmpty();
    }

    private Reply approve(String digest) {
        return tenant.admin(
                Ask.post(
                        "/admin/v1/servers/notes/approve",
                        """
                        {"tools":[{"name":"read_note","digest":"%s","risk":"read"}]}\
                        """
                                .formatted(digest)));
    }

    private void refresh() {
        tenant.admin(Ask.post("/admin/v1/servers/notes/refresh", "")).ok();
    }

    private JsonNode readNote() {
        return tenant.admin(Ask.get("/admin/v1/tools/notes/read_note")).ok().json();
    }

    private void assertDriftIsRecorded(String from, String to) {
        assertThat(tenant.audit("kind=catalog.changed"))
                .singleElement()
                .satisfies(it -> assertThat(it.toString()).contains(from, to, "read_note"));
        assertThat(tenant.audit("kind=call.denied"))
                .singleElement()
                .matches(it -> it.path("reason").asString().equals("descriptor_changed"));
    }
}
