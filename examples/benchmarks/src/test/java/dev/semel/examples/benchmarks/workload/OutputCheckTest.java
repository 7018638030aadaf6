package dev.semel.examples.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutputCheckTest {

    private static final int RECORDS = 50_000;

    private final List<ProducerRecord<byte[], byte[]>> output = new ArrayList<>();

    @BeforeEach
    void copyTheInput() {
        var load = new Load("input");
        for (int i = 0; i < RECORDS; i++) {
            output.add(load.next(i));
        }
    }

    @Test
    void aCopyIsExact() {
        assertThat(verdict().isExact()).isTrue();
        assertThat(verdict()).hasToString("exact");
    }

    @Test
    void keysMayOvertakeEachOther() {
        int other = firstWithAnotherKeyThan(20_000);
        Collections.swap(output, 20_000, other);
        assertThat(verdict().isExact()).isTrue();
    }

    @Test
    void aLostRecordIsNoticed() {
        output.remove(10_000);
        assertThat(verdict()).isEqualTo(new Verdict(RECORDS, RECORDS - 1, 1, 0));
        assertThat(verdict().isExact()).isFalse();
    }

    @Test
    void theLastRecordOfAKeyIsMissedByTheNumberOfAll() {
        output.remove(RECORDS - 1);
        assertThat(verdict()).isEqualTo(new Verdict(RECORDS, RECORDS - 1, 0, 0));
        assertThat(verdict().isExact()).isFalse();
    }

    @Test
    void aRepeatedRecordIsNoticed() {
        output.add(30_000, output.get(10));
        assertThat(verdict()).isEqualTo(new Verdict(RECORDS, RECORDS + 1, 0, 1));
        assertThat(verdict().isExact()).isFalse();
    }

    @Test
    void aRepeatDoesNotMakeUpForALoss() {
        output.set(10_000, output.get(9_999));
        assertThat(verdict()).isEqualTo(new Verdict(RECORDS, RECORDS, 1, 1));
        assertThat(verdict().isExact()).isFalse();
    }

    @Test
    void recordsOfAKeyInTheWrongOrderAreNoticed() {
        byte[] key = output.get(0).key();
        int next = 1;
        while (!Arrays.equals(output.get(next).key(), key)) {
            next++;
        }
        Collections.swap(output, 0, next);
        assertThat(verdict().isExact()).isFalse();
    }

    @Test
    void tellsWhenARecordWasDue() {
        assertThat(new OutputCheck().see(seen(output.get(17)))).isEqualTo(17);
    }

    private int firstWithAnotherKeyThan(int index) {
        int other = index + 1;
        while (Arrays.equals(output.get(other).key(), output.get(index).key())) {
            other++;
        }
        return other;
    }

    private Verdict verdict() {
        var check = new OutputCheck();
        output.forEach(record -> check.see(seen(record)));
        return check.verdict(RECORDS);
    }

    private static ConsumerRecord<byte[], byte[]> seen(ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>("output", 0, 0, record.key(), record.value());
    }
}
