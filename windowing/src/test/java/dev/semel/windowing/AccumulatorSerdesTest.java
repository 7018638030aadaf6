package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.aggregate.Average;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

class AccumulatorSerdesTest {

    private static <A> void assertRead(Serde<A> serde, A accumulator) {
        byte[] stored = serde.serializer().serialize("topic", accumulator);
        assertThat(serde.deserializer().deserialize("topic", stored)).isEqualTo(accumulator);
    }

    @Test
    void whatIsStoredIsReadAgain() {
        assertRead(AccumulatorSerdes.average(), new Average(3, -2.5));
        assertRead(AccumulatorSerdes.average(), new Average(Long.MAX_VALUE, Double.POSITIVE_INFINITY));
        assertRead(AccumulatorSerdes.top(Serdes.String()), List.of("b", "a"));
    }

    /** Bytes here never change. */
    @Test
    void meansOfVersionOne() {
        byte[] stored = HexFormat.of().parseHex("010480808080808080888001");
        assertThat(AccumulatorSerdes.average().deserializer().deserialize("topic", stored))
                .isEqualTo(new Average(2, 3.0));
        assertThat(AccumulatorSerdes.average().serializer().serialize("topic", new Average(2, 3.0)))
                .isEqualTo(stored);
    }
}
