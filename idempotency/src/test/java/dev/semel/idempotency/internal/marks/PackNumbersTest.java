package dev.semel.idempotency.internal.marks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackNumbersTest {

    private final PackNumbers packs = new PackNumbers();

    @Test
    void inAnEmptyTopicTheyBeginWithZero() {
        assertThat(packs.take(2)).isZero();
        assertThat(packs.take(0)).isEqualTo(2);
        assertThat(packs.take(1)).isEqualTo(2);
        assertNothingToRemove();
    }

    @Test
    void theyGoOnBehindTheLastThatWasFoundRemovedOrNot() {
        packs.found(3);
        packs.found(4);
        packs.foundRemoved(9);
        assertThat(packs.take(1)).isEqualTo(10);
        packs.foundRemoved(3);
        assertThat(packs.take(1)).isEqualTo(11);
    }

    @Test
    void whatExpiredIsRemovedFromTheOldestOn() {
        packs.foundRemoved(0);
        packs.foundRemoved(1);
        packs.found(5);
        packs.found(6);
        packs.found(7);
        assertNothingToRemove();
        packs.expired(6);
        assertThat(packs.oldest()).isEqualTo(5);
        assertThat(packs.removableBefore()).isEqualTo(7);
        packs.removed(6);
        assertThat(packs.oldest()).isEqualTo(6);
        packs.removed(7);
        assertNothingToRemove();
        packs.expired(5);
        assertNothingToRemove();
    }

    @Test
    void whereAllAreRemovedTheNextIsTheOldest() {
        packs.found(5);
        packs.expired(5);
        packs.removed(6);
        assertThat(packs.take(1)).isEqualTo(6);
        assertThat(packs.oldest()).isEqualTo(6);
        assertNothingToRemove();
        packs.expired(6);
        assertThat(packs.removableBefore()).isEqualTo(7);
    }

    private void assertNothingToRemove() {
        assertThat(packs.removableBefore()).isLessThanOrEqualTo(packs.oldest());
    }
}
