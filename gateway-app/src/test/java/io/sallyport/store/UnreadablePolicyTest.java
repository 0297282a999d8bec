package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Policy;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Use 10. A stored policy that cannot be read is told as that, and not as one that allows nothing.
 */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class UnreadablePolicyTest {
    private final FaultyPostgres postgres;

    UnreadablePolicyTest(FaultyPostgres postgres) {
        this.postgres = postgres;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rules: [{id: a",
                "rules: [{id: a, effect: permit, tools: [\"*\"]}]",
                "version: 9\nlaws: []",
                "not yaml: [}"
            })
    void nothingIsDecidedAndOperatorsSeeIt(String document) throws InterruptedException {
        var database = postgres.newDatabase();
        try (var node = StoreNode.open(postgres, database, "here", StoreNode.UNCONCERNED)) {
            assertThat(node.store().remarks()).isEmpty();
            FaultyPostgres.execute(
                    database,
                    "insert into policy (tenant, version, digest, document) values"
                            + " ('acme', 1, 'sha256:x', '"
                            + document
                            + "')");
            FaultyPostgres.execute(
                    database,
                    "select governance_advance('acme', '%s', '', null)"
                            .formatted(Governed.Part.POLICY.code()));

            eventually().until(() -> !policy(node).isReadable());

            assertThat(node.store().remarks()).containsExactly("policy_unavailable in 1 tenants");
            assertThat(node.store().trouble()).isEmpty();
        }
    }

    private static Policy policy(StoreNode node) {
        return node.store().views().view(StoreNode.TENANT).policy();
    }
}
