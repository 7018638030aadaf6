package dev.semel.dlq.internal.edit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An id tells which letter was edited, and how often. */
class EditedIdTest {

    @Test
    void theIdOfAChainCountsItsEdits() {
        String id = "group/orders/0/17";
        assertThat(EditedId.edits(id)).isZero();
        assertThat(EditedId.next(id)).isEqualTo("group/orders/0/17~1");
        assertThat(EditedId.next(EditedId.next(id))).isEqualTo("group/orders/0/17~2");
        assertThat(EditedId.first("group/orders/0/17~12")).isEqualTo(id);
        assertThat(EditedId.edits("group/orders/0/17~12")).isEqualTo(12);
        assertThat(EditedId.of(id, 0)).isEqualTo(id);
    }

    @Test
    void aTildeInAGroupIsNoEdit() {
        String id = "group~1/orders/0/17";
        assertThat(EditedId.edits(id)).isZero();
        assertThat(EditedId.first(id)).isEqualTo(id);
        assertThat(EditedId.first(EditedId.next(id))).isEqualTo(id);
    }
}
