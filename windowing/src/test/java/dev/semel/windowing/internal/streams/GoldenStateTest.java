package dev.semel.windowing.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.state.WindowEntry;
import java.util.HexFormat;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/**
 * What has been stored or sent once can be read for ever. Bytes here never change; a new version adds its own. Whole stores of each
 * version are in {@code GoldenStoresTest}.
 */
class GoldenStateTest {

    private static final HexFormat HEX = HexFormat.of();

    private final EntryFormat<String> format = new EntryFormat<>(Serdes.String(), "topic");

    @Test
    void accumulatorsOfVersionOne() {
        byte[] stored = HEX.parseHex("01d8040a0e0a76616c7565");
        WindowEntry<String> entry = format.read(stored);
        assertThat(entry.accumulator()).isEqualTo("value");
        assertThat(entry.timestamp()).isEqualTo(300);
        assertThat(entry.contributions()).isEqualTo(5);
        assertThat(entry.panes()).isEqualTo(7);
        assertThat(format.write(entry)).isEqualTo(stored);
    }

    @Test
    void anotherVersionIsRefused() {
        assertThatThrownBy(() -> format.read(HEX.parseHex("02d8040a0e0a76616c7565")))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("version 2");
        assertThatThrownBy(() -> format.read(HEX.parseHex("01d804")))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("breaks off");
    }

    /** Negative ends come before positive ones. */
    @Test
    void keysOfAccumulators() {
        var keys = new StoreKeys<>(Serdes.String(), "topic");
        assertThat(keys.stored(60_000, "k").get()).isEqualTo(HEX.parseHex("800000000000ea606b"));
        assertThat(keys.stored(-1, "k").get()).isEqualTo(HEX.parseHex("7fffffffffffffff6b"));
        assertThat(StoreKeys.end(keys.stored(-1, "k"))).isEqualTo(-1);
        assertThat(keys.key(keys.stored(60_000, "k"))).isEqualTo("k");
    }

    @Test
    void markersOfVersionOne() {
        byte[] sent = HEX.parseHex("010408d80402");
        Marker marker = Marker.of(sent);
        assertThat(marker.partition()).isEqualTo(2);
        assertThat(marker.of()).isEqualTo(4);
        assertThat(marker.watermark()).isEqualTo(300);
        assertThat(marker.isIdle()).isTrue();
        assertThat(marker.bytes()).isEqualTo(sent);
    }

    @Test
    void stampsOfVersionOne() {
        byte[] sent = HEX.parseHex("0104d804da040261");
        var headers = new RecordHeaders().add(HeaderNames.STAMP, sent);
        var stamp = Stamp.takenFrom(headers);
        assertThat(stamp).isEqualTo(new Stamp(2, 300, 301, "a"));
        assertThat(headers).isEmpty();
        stamp.addTo(headers);
        assertThat(headers.lastHeader(HeaderNames.STAMP).value()).isEqualTo(sent);
    }
}
