package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What others wrote is shown, and does nothing to the terminal. */
class PlainTest {

    @Test
    void whatATerminalObeysIsWrittenOut() {
        assertThat(Plain.text("a\u001b[31mb\u009bc\u202ed\r\n\te")).isEqualTo("a\\u001b[31mb\\u009bc\\u202ed\n\te");
        assertThat(Plain.line("a\nb\tc\rd", 20)).isEqualTo("a b c d");
    }

    @Test
    void aLineIsNoLongerThanItMayBe() {
        assertThat(Plain.line("0123456789", 10)).isEqualTo("0123456789");
        assertThat(Plain.line("0123456789x", 10)).isEqualTo("0123456...");
        assertThat(Plain.line("0123456789".repeat(10), 10)).isEqualTo("0123456...");
        assertThat(Plain.line("\u0001\u0002\u0003", 10)).isEqualTo("\\u0001\\...");
        assertThat(Plain.line(null, 10)).isEqualTo("-");
    }

    @Test
    void bytesThatAreNoTextAreHexadecimal() {
        assertThat(Plain.bytes("größer".getBytes(UTF_8), 20)).isEqualTo("größer");
        assertThat(Plain.bytes(new byte[] {(byte) 0xff, 1}, 20)).isEqualTo("0xff01");
        assertThat(Plain.bytes(new byte[] {0, 1, 2, 3}, 4)).isEqualTo("0x0001...");
        assertThat(Plain.bytes(new byte[0], 4)).isEmpty();
        assertThat(Plain.bytes(null, 4)).isEqualTo("(null)");
    }
}
