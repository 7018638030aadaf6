package dev.semel.examples.telemetry.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.telemetry.application.Names;
import dev.semel.examples.telemetry.application.OpenWindows;
import dev.semel.examples.telemetry.application.Reason;
import dev.semel.windowing.WindowHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final Names NAMES = new Names("telemetry");

    private final Ledger ledger = new Ledger(NAMES, 60_000);
    private long offset;

    @BeforeEach
    void twoLinesAreSent() {
        line(1);
        line(2);
    }

    private ConsumerRecord<byte[], byte[]> add(String topic, int line) {
        var record = new ConsumerRecord<>(topic, 0, offset++, new byte[0], new byte[0]);
        record.headers().add(Names.LINE, Integer.toString(line).getBytes(UTF_8));
        return record;
    }

    private void line(int number) {
        ledger.add(add(NAMES.lines(), number));
    }

    private void late(int number) {
        var record = add(NAMES.late(), number);
        record.headers().add(WindowHeaders.LATE_WINDOW, "[0, 60000)".getBytes(UTF_8));
        ledger.add(record);
    }

    private void rejected(int number) {
        var record = add(NAMES.rejected(), number);
        record.headers().add(Names.REASON, Reason.NO_KEY.name().getBytes(UTF_8));
        ledger.add(record);
    }

    private Books books() {
        return ledger.books(OpenWindows.NONE);
    }

    @Test
    void eachLineIsSetAsideOnce() {
        late(1);
        rejected(2);

        assertThat(books().differences(2, true)).isEmpty();
    }

    @Test
    void aLineThatIsLateTwiceIsAFaultEvenIfAnotherIsLostAndTheSumsAgree() {
        late(1);
        late(1);

        assertThat(books().settled()).isEqualTo(2);
        assertThat(books().differences(2, true))
                .containsExactly("line 1 is late or rejected a second time: in telemetry.late at offset 3");
    }

    @Test
    void aLineThatIsLateAndRejectedIsAFault() {
        late(2);
        rejected(2);

        assertThat(books().differences(2, true))
                .containsExactly("line 2 is late or rejected a second time: in telemetry.rejected at offset 3");
    }
}
