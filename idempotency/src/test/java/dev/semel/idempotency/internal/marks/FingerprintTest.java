package dev.semel.idempotency.internal.marks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void itIsTheFirstHalfOfTheSha256OfBothPartsWithTheirLengths() throws Exception {
        String source = "order-service";
        String id = "Bestellung Nr. 7 – grün";
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        for (String part : new String[] {source, id}) {
            out.writeInt(part.length());
            out.writeChars(part);
        }
        var expected = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        assertThat(Fingerprint.of(source, id)).isEqualTo(new Fingerprint(expected.getLong(), expected.getLong()));
    }

    @Test
    void whereOnePartEndsAndTheOtherBeginsIsPartOfIt() {
        assertThat(Fingerprint.of("ab", "c")).isNotEqualTo(Fingerprint.of("a", "bc"));
        assertThat(Fingerprint.of("", "ab")).isNotEqualTo(Fingerprint.of("ab", ""));
    }

    @Test
    void halfASurrogatePairIsNoQuestionMark() {
        assertThat(Fingerprint.of("source", "\uD800")).isNotEqualTo(Fingerprint.of("source", "?"));
        assertThat(Fingerprint.of("source", "\uD800")).isNotEqualTo(Fingerprint.of("source", "\uD801"));
        assertThat(Fingerprint.of("\uD800", "id")).isNotEqualTo(Fingerprint.of("?", "id"));
    }

    @Test
    void anIdOfTenKilobytesDiffersByItsLastCharacter() {
        String id = "x".repeat(10 * 1024);
        assertThat(Fingerprint.of("source", id + "1")).isNotEqualTo(Fingerprint.of("source", id + "2"));
        assertThat(Fingerprint.of("source", id + "1")).isEqualTo(Fingerprint.of("source", id + "1"));
    }

    @Test
    void everyThreadComesToTheSame() throws Exception {
        Fingerprint here = Fingerprint.of("source", "id");
        Fingerprint.of("source", "another, which leaves nothing behind");
        Fingerprint there = CompletableFuture.supplyAsync(() -> Fingerprint.of("source", "id"))
                .get();
        assertThat(there).isEqualTo(here).hasSameHashCodeAs(here);
        assertThat(Fingerprint.of("source", "id")).isEqualTo(here);
    }

    @Test
    void noneHasTheHalfByWhichATableKnowsAFreeSlot() {
        assertThat(new Fingerprint(7, 0).low()).isNotZero();
    }

    @Test
    void differentIdsDiffer() {
        Set<Fingerprint> all = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            all.add(Fingerprint.of("source", "" + i));
        }
        assertThat(all).hasSize(100_000);
    }

    @Test
    void theChanceOfACollisionIsAsDocumented() {
        assertThat(collision(1e7)).isCloseTo(1.5e-25, within(0.05e-25));
        assertThat(collision(1e9)).isCloseTo(1.5e-21, within(0.05e-21));
    }

    private static double collision(double keys) {
        return keys * keys / Math.pow(2, 129);
    }
}
