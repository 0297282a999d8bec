package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.provider.RunLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunLedgerTest {
    /** One part of a run leaves a tool out for the provider, the next one by itself. */
    @Test
    void aToolThatIsLeftOutIsNamedOnce() {
        var ledger = new RunLedger("run_1", RunLimits.DEFAULT, List.of("x: a/b", "x: a/b"));
        ledger.warn("x: a/b");

        assertThat(ledger.report().path("warnings").toString()).isEqualTo("[\"x: a/b\"]");
    }

    @Test
    void whateverEndsARunFirstIsItsEnd() {
        var ledger = new RunLedger("run_1", RunLimits.DEFAULT, List.of());

        assertThat(ledger.end(RunLedger.End.STOPPED)).isEqualTo(RunLedger.End.STOPPED);
        assertThat(ledger.end(RunLedger.End.ANSWERED)).isEqualTo(RunLedger.End.STOPPED);
    }
}
