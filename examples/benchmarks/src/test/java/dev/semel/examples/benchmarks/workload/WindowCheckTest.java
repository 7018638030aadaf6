package dev.semel.examples.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class WindowCheckTest {

    private final WindowCheck finals = new WindowCheck(false);
    private final WindowCheck updates = new WindowCheck(true);

    private static ConsumerRecord<byte[], byte[]> result(int key, long start, long count) {
        byte[] name = ("key-" + key).getBytes(StandardCharsets.US_ASCII);
        return new ConsumerRecord<>(
                "results",
                0,
                0,
                ByteBuffer.allocate(name.length + Long.BYTES)
                        .put(name)
                        .putLong(start)
                        .array(),
                ByteBuffer.allocate(Long.BYTES).putLong(count).array());
    }

    @Test
    void whatIsExpectedAndComesIsExactInEitherOrder() {
        finals.expect(12, 60_000, 3);
        finals.see(result(12, 60_000, 3));
        finals.see(result(7, 0, 1));
        finals.expect(7, 0, 1);
        assertThat(finals.verdict()).hasToString("exact");
        assertThat(finals.outstanding()).isZero();
    }

    @Test
    void whatDoesNotComeIsLost() {
        finals.expect(12, 60_000, 3);
        finals.expect(12, 120_000, 3);
        finals.see(result(12, 60_000, 3));
        assertThat(finals.verdict()).isEqualTo(new WindowVerdict(2, 1, 0, 0, 0));
        assertThat(finals.verdict().toString()).startsWith("1 of 2: 1 lost");
    }

    @Test
    void anotherCountIsWrong() {
        finals.expect(12, 60_000, 3);
        finals.see(result(12, 60_000, 2));
        assertThat(finals.verdict()).isEqualTo(new WindowVerdict(1, 0, 1, 0, 0));
    }

    @Test
    void aSecondResultOfAWindowIsOneTooMany() {
        finals.expect(12, 60_000, 3);
        finals.see(result(12, 60_000, 3));
        finals.see(result(12, 60_000, 3));
        assertThat(finals.verdict().isExact()).isFalse();
        assertThat(finals.verdict().unexpected()).isEqualTo(1);
    }

    @Test
    void aResultOfAnOpenWindowIsNotExpected() {
        finals.see(result(12, 60_000, 3));
        assertThat(finals.verdict()).isEqualTo(new WindowVerdict(0, 0, 0, 0, 1));
    }

    @Test
    void ofUpdatesTheLastCountsAndOpenWindowsDoNot() {
        updates.expect(12, 60_000, 3);
        updates.see(result(12, 60_000, 1));
        assertThat(updates.verdict().wrong()).isEqualTo(1);
        updates.see(result(12, 60_000, 3));
        updates.see(result(12, 120_000, 1));
        assertThat(updates.verdict()).hasToString("exact");
    }

    @Test
    void theModelClosesAWindowWhenItsPartitionIsPastItsEndAndTheLateness() {
        List<String> closed = new ArrayList<>();
        var model = new WindowModel((key, start, count) -> closed.add(key + "@" + start + "=" + count));
        model.event(0, 4, 10_000);
        model.event(1, 5, 300_000);
        model.event(0, 4, 64_999);
        model.event(0, 4, 59_999);
        assertThat(closed)
                .as("another partition is no clock, and 64,999 is not yet 65,000")
                .isEmpty();
        model.event(0, 4, 65_000);
        model.event(0, 4, 59_999);
        assertThat(closed).containsExactly("4@0=2");
        assertThat(model.late()).isEqualTo(1);
    }
}
