package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.ToolDescriptor;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import org.junit.jupiter.api.Test;

class FunctionToolsTest {
    @Test
    void offersAToolUnderItsAlias() throws MalformedJson {
        var schema = "{'type':'object','properties':{'id':{'type':'integer','maximum':1.10}}}";
        assertThat(function("{'name':'get','description':'Gets.','inputSchema':" + schema + "}"))
                .isEqualTo(
                        text(
                                "{'type':'function','function':{'name':'crm__get',"
                                        + "'description':'Gets.','parameters':"
                                        + schema
                                        + "}}"));
    }

    @Test
    void givesEverySchemaProperties() throws MalformedJson {
        assertThat(function("{'name':'get','inputSchema':{'type':'object'}}"))
                .endsWith(text("'parameters':{'type':'object','properties':{}}}}"));
        assertThat(function("{'name':'get'}"))
                .endsWith(text("'parameters':{'type':'object','properties':{}}}}"));
    }

    @Test
    void leavesTheDialectOut() throws MalformedJson {
        assertThat(
                        function(
                                "{'name':'get','inputSchema':{'$schema':'x','type':'object',"
                                        + "'properties':{'$schema':{'type':'string'}},'$defs':{}}}"))
                .endsWith(
                        text(
                                "'parameters':{'type':'object','properties':"
                                        + "{'$schema':{'type':'string'}},'$defs':{}}}}"));
    }

    @Test
    void takesADescriptionAsLongAsPermitted() throws MalformedJson {
        assertThat(description("x".repeat(1_024))).isEqualTo("x".repeat(1_024));
    }

    @Test
    void cutsALongDescriptionWithAMark() throws MalformedJson {
        var cut = description("x".repeat(1_025));
        assertThat(cut).hasSize(1_024).endsWith("… [cut]");
    }

    @Test
    void cutsNoCharacterInTwo() throws MalformedJson {
        for (int shift = 0; shift < 2; shift++) {
            var cut = description("x".repeat(shift) + "🙂".repeat(600));
            assertThat(cut.length()).isBetween(1_023, 1_024);
            assertThat(cut.replace("🙂", "").replace("x", "")).isEqualTo("… [cut]");
        }
    }

    @Test
    void leavesThePinnedDescriptorAlone() throws MalformedJson {
        var descriptor = descriptor("{'name':'get','inputSchema':{'$schema':'x','type':'object'}}");
        var before = JsonText.text(descriptor.tree());
        FunctionTools.of(descriptor);
        assertThat(JsonText.text(descriptor.tree())).isEqualTo(before);
    }

    private static String description(String description) throws MalformedJson {
        var tool = descriptor("{'name':'get','description':'" + description + "'}");
        return FunctionTools.of(tool).at("/function/description").asString();
    }

    private static String function(String tree) throws MalformedJson {
        return JsonText.text(FunctionTools.of(descriptor(tree)));
    }

    private static ToolDescriptor descriptor(String tree) throws MalformedJson {
        var ref = new ToolRef(new ServerSlug("crm"), "get");
        return new ToolDescriptor(ref, "crm__get", "sha256:0", StrictJson.read(text(tree)));
    }

    private static String text(String quoted) {
        return quoted.replace('\'', '"');
    }
}
