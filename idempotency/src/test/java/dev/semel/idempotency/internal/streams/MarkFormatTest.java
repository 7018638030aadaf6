package dev.semel.idempotency.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkFormatTest {

    private static final byte[] FINGERPRINT = HexFormat.of().parseHex("a8828e28a33dbac4c48532d3529e4fd3");
    private static final Mark MARK = new Mark(258, 17, new Moment(1_767_607_200_000L, 1_767_607_200_001L));
    private static final String MARK_V1 =
            "01" + "0000000000000102" + "0000000000000011" + "0000019b8d996900" + "0000019b8d996901";

    private final MarkFormat format = new MarkFormat(new MarksPlace(
            "payments-once", "payments-once-marks", new TaskId(0, 3), "shop-payments-once-marks-changelog"));

    /** Whoever changes these bytes gives them another version, and goes on reading this one. */
    @Test
    void theBytesOfVersionOneAreFixed() {
        assertThat(hex(MarkFormat.markKey(FINGERPRINT).get())).isEqualTo("6d" + "a8828e28a33dbac4c48532d3529e4fd3");
        assertThat(hex(MarkFormat.mark(MARK))).isEqualTo(MARK_V1);
        assertThat(hex(MarkFormat.queueKey(258).get())).isEqualTo("71" + "0000000000000102");
        assertThat(hex(MarkFormat.queued(FINGERPRINT))).isEqualTo("01" + "a8828e28a33dbac4c48532d3529e4fd3");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Bytes key = MarkFormat.queueKey(258);

        assertThat(format.readMark(MarkFormat.markKey(FINGERPRINT), MarkFormat.mark(MARK)))
                .isEqualTo(MARK);
        assertThat(format.readQueued(key, MarkFormat.queued(FINGERPRINT))).isEqualTo(FINGERPRINT);
        assertThat(format.readNumber(key)).isEqualTo(258);
    }

    @Test
    void theKeysOfTheQueueAreInItsOrder() {
        assertThat(MarkFormat.queueKey(255))
                .isGreaterThan(MarkFormat.queueKey(0))
                .isLessThan(MarkFormat.queueKey(256))
                .isLessThan(MarkFormat.queueKey(Long.MAX_VALUE));
    }

    @Test
    void aNewerVersionIsNamedWithTheWayOut() {
        byte[] newer = HexFormat.of().parseHex("02" + "ffff");

        assertThatThrownBy(() -> format.readMark(MarkFormat.markKey(FINGERPRINT), newer))
                .isInstanceOf(StreamsException.class)
                .hasMessageContainingAll(
                        "payments-once",
                        "0x6da8828e28a33dbac4c48532d3529e4fd3",
                        "store 'payments-once-marks' in task 0_3",
                        "format version 2",
                        "reads up to 1",
                        "Run that one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01",
                "01000000000000010200000000000000110000019b8d9969000000019b8d99690100",
                "000000000000000102"
            })
    void aCorruptMarkIsNamedWithTheWayOut(String stored) {
        byte[] corrupt = HexFormat.of().parseHex(stored);

        assertThatThrownBy(() -> format.readMark(MarkFormat.markKey(FINGERPRINT), corrupt))
                .isInstanceOf(StreamsException.class)
                .hasMessageContainingAll(
                        "store 'payments-once-marks' in task 0_3 is corrupt: " + corrupt.length + " bytes",
                        "instead of 33 that begin with the version 1",
                        "delete the state directory",
                        "shop-payments-once-marks-changelog");
    }

    @Test
    void aCorruptPlaceInTheQueueIsNamedToo() {
        assertThatThrownBy(() -> format.readQueued(MarkFormat.queueKey(1), new byte[] {1, 2}))
                .isInstanceOf(StreamsException.class)
                .hasMessageContaining("instead of 17");
        assertThatThrownBy(() -> format.readNumber(Bytes.wrap(new byte[] {'q', 1})))
                .isInstanceOf(StreamsException.class)
                .hasMessageContaining("its key has 2 bytes instead of 9");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
