package dev.semel.idempotency.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class IdFingerprintTest {

    private final IdFingerprint fingerprints = new IdFingerprint();

    /** Marks of an older version would not be found again. The numbers were calculated by other means. */
    @Test
    void isTheSameInEveryVersion() {
        assertThat(hex("shop", "17")).isEqualTo("a8828e28a33dbac4c48532d3529e4fd3");
        assertThat(hex("", "17")).isEqualTo("d2cc85ce8745b32e464b23d01909770c");
        assertThat(hex("shop", "17")).as("asked again").isEqualTo("a8828e28a33dbac4c48532d3529e4fd3");
    }

    @Test
    void sourceAndIdDoNotRunIntoEachOther() {
        assertThat(hex("a", "bc")).isNotEqualTo(hex("ab", "c"));
    }

    @Test
    void idsThatUtf8CannotWriteAreToldApart() {
        assertThat(hex("", "\uD800")).isNotEqualTo(hex("", "\uD801")).isNotEqualTo(hex("", "?"));
    }

    @Test
    void anIdOfTenThousandCharactersTakesNoMoreThanAnother() {
        String id = "x".repeat(10_000);

        assertThat(fingerprints.of("shop", id)).hasSize(16);
        assertThat(hex("shop", id)).isNotEqualTo(hex("shop", id + "x"));
    }

    private String hex(String source, String id) {
        return HexFormat.of().formatHex(fingerprints.of(source, id));
    }
}
