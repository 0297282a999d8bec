package io.sallyport.egress;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KeptBytesTest {
    private static final long MOST = 1_000_000;

    private final KeptBytes kept = new KeptBytes(MOST);

    @Test
    void aTenantsAnswersTakeHalfAtMostAndAllTogetherAll() {
        var acme = kept.of("acme");
        acme.add(KeptBytes.UNCOUNTED + MOST / 2);
        assertThatThrownBy(() -> kept.of("acme").add(KeptBytes.UNCOUNTED + 1))
                .isInstanceOf(EgressFailure.Overloaded.class);

        kept.of("beta").add(KeptBytes.UNCOUNTED + MOST / 2);
        assertThatThrownBy(() -> kept.of("gamma").add(KeptBytes.UNCOUNTED + 1))
                .isInstanceOf(EgressFailure.Overloaded.class);

        acme.close();
        kept.of("gamma").add(KeptBytes.UNCOUNTED + MOST / 2);
    }

    @Test
    void smallAnswersAreNotCounted() {
        for (int answers = 0; answers < 1_000; answers++) {
            kept.of("acme").add(KeptBytes.UNCOUNTED);
        }
        assertThatCode(() -> kept.of("acme").add(KeptBytes.UNCOUNTED + MOST / 2))
                .doesNotThrowAnyException();
    }

    @Test
    void whatWasReadOrRefusedIsKeptNoMore() {
        var answer = kept.of("acme");
        for (int events = 0; events < 100; events++) {
            answer.add(KeptBytes.UNCOUNTED + MOST / 2);
            answer.clear();
        }
        assertThatThrownBy(() -> answer.add(KeptBytes.UNCOUNTED + MOST))
                .isInstanceOf(EgressFailure.Overloaded.class);
        kept.of("acme").add(KeptBytes.UNCOUNTED + MOST / 2);
    }
}
