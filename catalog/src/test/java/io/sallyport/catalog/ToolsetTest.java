package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolsetTest {
    @ParameterizedTest
    @CsvSource({
        "*,                crm, get_customer, true",
        "*/*,              crm, get_customer, true",
        "crm/*,            crm, get_customer, true",
        "crm/get_*,        crm, get_customer, true",
        "crm/*_customer,   crm, get_customer, true",
        "crm/g*t*c*r,      crm, get_customer, true",
        "c*/get_customer,  crm, get_customer, true",
        "crm/get_customer, crm, get_customer, true",
        "crm/get_*,        crm, delete_customer, false",
        "crm/get_,         crm, get_customer, false",
        "crm,              crm, get_customer, false",
        "cr,               crm, get_customer, false",
        "CRM/*,            crm, get_customer, false",
        "crm__get_customer,crm, get_customer, false",
        "crm/get_?ustomer, crm, get_customer, false",
        "crm/.*,           crm, get_customer, false",
        "**,               crm, get_customer, false",
        "crm/*,            crm, admin/delete, true",
        "crm/a*,           crm, admin/delete, true",
        "crm/*/delete,     crm, admin/delete, true",
        "crm/*delete,      crm, a/b/delete, true",
        "*/admin/*,        crm, admin/delete, true",
        "c*/b*,            crm, a/b, false",
        "*b,               crm, a/b, false",
        "crm/admin/*,      crm, admin/delete, true",
        "*,                crm, admin/delete, true"
    })
    @DisplayName("C2. A toolset's pattern means what a policy's does")
    void starsStayWithinTheirSegment(String glob, String server, String tool, boolean contained) {
        assertThat(new Toolset("t", List.of(glob)).contains(ref(server, tool)))
                .isEqualTo(contained);
    }

    @Test
    void isTheUnionOfItsGlobs() {
        var toolset = new Toolset("t", List.of("crm/get_*", "mail/send"));
        assertThat(toolset.contains(ref("mail", "send"))).isTrue();
        assertThat(toolset.contains(ref("mail", "delete"))).isFalse();
        assertThat(new Toolset("none", List.of()).contains(ref("mail", "send"))).isFalse();
    }

    @Test
    void hostileGlobsTakeLittleTime() {
        var glob = "crm/" + "*a".repeat(2_000) + "b";
        assertThat(new Toolset("t", List.of(glob)).contains(ref("crm", "a".repeat(10_000))))
                .isFalse();
    }

    private static ToolRef ref(String server, String tool) {
        return new ToolRef(new ServerSlug(server), tool);
    }
}
