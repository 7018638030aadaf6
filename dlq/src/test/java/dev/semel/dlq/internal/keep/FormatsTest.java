package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.dlq.LetterState;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written to a store is read as it was, or refused. */
class FormatsTest {

    private static final TopicPartition SOURCE = new TopicPartition("orders", 3);
    private static final Store STORE = new Store("a/group", SOURCE, new TopicPartition("store", 3));

    @ParameterizedTest
    @EnumSource(LetterState.class)
    void aStateIsReadAsItWasWritten(LetterState state) throws Exception {
        for (@Nullable String text : new @Nullable String[] {null, "", "Grüße"}) {
            var kept = new KeptState(
                    state,
                    LetterState.WAITING,
                    text == null,
                    text != null,
                    text == null ? null : new Sequence(1, -1),
                    1,
                    2,
                    3,
                    4,
                    5,
                    6,
                    7,
                    8,
                    text == null ? null : new Fault("a_class", "a fingerprint", "an.Exception"),
                    text,
                    text,
                    text,
                    text == null ? null : new KeptState.Edited(9, "me", text, "a command", 10));
            assertThat(StateFormat.read(StateFormat.write(kept))).isEqualTo(kept);
        }
    }

    /** Stores that were written before letters could be edited are read, and what was not edited is read by who cannot edit. */
    @Test
    void onlyTheStateOfAnEditedLetterIsOfTheLaterVersion() throws Exception {
        KeptState state = KeptState.begin(LetterState.OPEN, true, null, 1);
        var edited = new KeptState.Edited(1, "me", "a typo", "a command", 2);
        assertThat(StateFormat.write(state)[0]).isEqualTo((byte) 1);
        byte[] later = StateFormat.write(state.edited(new Fault("a", "b", "c"), edited));
        assertThat(later[0]).isEqualTo((byte) 2);
        assertThat(StateFormat.read(later).edited()).isEqualTo(edited);
    }

    @Test
    void aRecordIsReadAsItWasWritten() throws Exception {
        for (byte @Nullable [] bytes : new byte @Nullable [][] {null, {}, {0, -1, 7}}) {
            Headers headers = new RecordHeaders();
            headers.add("a", bytes).add("a", "again".getBytes(UTF_8)).add("b", null);
            var record = new ConsumerRecord<>(
                    "orders",
                    3,
                    42L,
                    -1L,
                    TimestampType.LOG_APPEND_TIME,
                    bytes == null ? -1 : bytes.length,
                    bytes == null ? -1 : bytes.length,
                    bytes,
                    bytes,
                    headers,
                    bytes == null ? Optional.<Integer>empty() : Optional.of(9));
            ConsumerRecord<byte[], byte[]> read =
                    RecordFormat.read(RecordFormat.write(record, "a message"), SOURCE, 42);
            assertThat(read).usingRecursiveComparison().isEqualTo(record);
        }
    }

    @Test
    void whatIsDamagedIsRefusedWhereverItIsCutOffOrHasMore() {
        byte[] state = StateFormat.write(KeptState.begin(LetterState.OPEN, true, new Sequence(1, 2), 3)
                .failed(new Fault("a_class", "a fingerprint", "an.Exception"), 4, false));
        var source = new ConsumerRecord<>("orders", 3, 42, "key".getBytes(UTF_8), "value".getBytes(UTF_8));
        source.headers().add("a", new byte[] {1});
        byte[] record = RecordFormat.write(source, "a message");
        for (int length = 0; length < state.length; length++) {
            byte[] cut = Arrays.copyOf(state, length);
            assertThatThrownBy(() -> StateFormat.read(cut)).as("" + length).isInstanceOf(Unreadable.class);
        }
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThatThrownBy(() -> RecordFormat.read(cut, SOURCE, 42))
                    .as("" + length)
                    .isInstanceOf(Unreadable.class);
        }
        assertThatThrownBy(() -> StateFormat.read(Arrays.copyOf(state, state.length + 1)))
                .hasMessageContaining("too many");
        assertThatThrownBy(() -> RecordFormat.read(Arrays.copyOf(record, record.length + 1), SOURCE, 42))
                .hasMessageContaining("too many");
        state[0] = 9;
        assertThatThrownBy(() -> StateFormat.read(state)).hasMessageContaining("version 9");
    }

    @Test
    void keysAreOfOneGroupAndPartition() throws Exception {
        assertThat(STORE.key(STORE.state(42, null).key())).isEqualTo(new Store.Key(Store.Kind.STATE, 0, 42));
        assertThat(STORE.key(STORE.record(42, null).key())).isEqualTo(new Store.Key(Store.Kind.RECORD, 0, 42));
        assertThat(STORE.key(STORE.commands(new byte[8]).key()).kind()).isEqualTo(Store.Kind.COMMANDS);
        for (String other : new String[] {"", "a/group/orders/2/42", "b/group/orders/3/42", "a/group/orders/3/x"}) {
            assertThatThrownBy(() -> STORE.key(other.getBytes(UTF_8)))
                    .isInstanceOf(Unreadable.class)
                    .hasMessageContaining("orders-3");
        }
        assertThatThrownBy(() -> STORE.key(null)).isInstanceOf(Unreadable.class);
    }
}
