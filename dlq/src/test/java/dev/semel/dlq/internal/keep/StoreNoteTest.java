package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.dlq.internal.keep.StoreNote.Span;
import java.util.Arrays;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What is not known of a letter is only taken for its end where letters were kept. */
class StoreNoteTest {

    private static final Uuid FIRST = new Uuid(1, 1);
    private static final Uuid SECOND = new Uuid(2, 2);

    @Test
    void whatWasHandledBeforeAStoreWasThereIsNotKept() {
        StoreNote note = StoreNote.begin(0, FIRST, 100).through(200);
        assertThat(note.topic().keeps(99)).isFalse();
        assertThat(note.topic().keeps(100)).isTrue();
        assertThat(note.topic().keeps(199)).isTrue();
        assertThat(note.topic().keeps(200)).as("nobody has said so").isFalse();
    }

    @Test
    void norWhatWasHandledWhileNobodyKeptLetters() {
        StoreNote note = StoreNote.begin(0, FIRST, 0).through(50).goesOnAt(80).through(90);
        assertThat(note.topic().notKept()).containsExactly(new Span(50, 80));
        assertThat(note.topic().keeps(49)).isTrue();
        assertThat(note.topic().keeps(50)).isFalse();
        assertThat(note.topic().keeps(80)).isTrue();
        assertThat(note.goesOnAt(90)).as("nobody has handled anything").isEqualTo(note);
    }

    @Test
    void whatIsHandledAgainIsKeptFromThereOn() {
        StoreNote note = StoreNote.begin(0, FIRST, 0).through(50).goesOnAt(80).goesOnAt(60);
        assertThat(note.topic().notKept()).containsExactly(new Span(50, 60));
        assertThat(note.through(100).topic().keeps(70)).isTrue();
    }

    @Test
    void ofManySpansTheNearestAreJoinedSoThatTheRestStaysExact() {
        StoreNote note = StoreNote.begin(0, FIRST, 0);
        for (int i = 1; i <= 65; i++) {
            long handled = i * 1_000L - (i == 30 ? 995 : 0);
            note = note.through(handled).goesOnAt(i * 1_000L + 1);
        }
        assertThat(note.topic().notKept())
                .hasSize(64)
                .contains(new Span(29_000, 30_001))
                .contains(new Span(1_000, 1_001));
    }

    @Test
    void aTopicThatIsMadeAnewIsAnotherWithLettersOfItsOwn() {
        StoreNote note =
                StoreNote.begin(0, FIRST, 0).through(50).anew(SECOND, 7, 10).through(20);
        assertThat(note.present()).isEqualTo(1);
        assertThat(note.number(FIRST)).isZero();
        assertThat(note.number(SECOND)).isEqualTo(1);
        assertThat(note.number(new Uuid(3, 3))).isEqualTo(-1);
        assertThat(note.ofLetter(6)).isZero();
        assertThat(note.ofLetter(7)).isEqualTo(1);
        assertThat(note.topics().get(0).keeps(49)).isTrue();
        assertThat(note.topic().keeps(9)).isFalse();
        assertThat(note.topic().keeps(10)).isTrue();
    }

    @Test
    void itIsReadAsItWasWrittenOrRefused() throws Exception {
        StoreNote note = StoreNote.begin(2, FIRST, 5).through(50).goesOnAt(80).anew(SECOND, 7, 10);
        byte[] bytes = note.write();
        assertThat(StoreNote.read(bytes)).isEqualTo(note);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> StoreNote.read(cut)).as("" + length).isInstanceOf(Unreadable.class);
        }
        assertThatThrownBy(() -> StoreNote.read(Arrays.copyOf(bytes, bytes.length + 1)))
                .hasMessageContaining("too many");
        bytes[0] = 9;
        assertThatThrownBy(() -> StoreNote.read(bytes)).hasMessageContaining("version 9");
    }
}
