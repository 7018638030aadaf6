package dev.semel.idempotency.internal.marks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PayloadHashTest {

    @Test
    void nothingIsAnotherPayloadThanAnEmptyOne() {
        assertThat(PayloadHash.of(null)).isNotEqualTo(PayloadHash.of(new byte[0]));
        assertThat(PayloadHash.of(new byte[] {1})).isNotEqualTo(PayloadHash.of(new byte[] {2}));
        assertThat(PayloadHash.of(new byte[] {1, 2})).isEqualTo(PayloadHash.of(new byte[] {1, 2}));
    }

    @Test
    void oneThatIsNotKnownMatchesAny() {
        long some = PayloadHash.of(new byte[] {1});
        assertThat(PayloadHash.differ(some, PayloadHash.UNKNOWN)).isFalse();
        assertThat(PayloadHash.differ(PayloadHash.UNKNOWN, some)).isFalse();
        assertThat(PayloadHash.differ(some, some)).isFalse();
        assertThat(PayloadHash.differ(some, PayloadHash.of(new byte[] {2}))).isTrue();
    }
}
