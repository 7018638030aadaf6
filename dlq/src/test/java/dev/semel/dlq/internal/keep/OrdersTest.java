package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.internal.command.Command;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class OrdersTest {

    private final Kept kept = new Kept();
    private final Changes changes = new Changes();
    private CarriedOut written = CarriedOut.upTo(5);

    private Orders owner(CarriedOut restored) {
        var topic = new LetterTopic("letters", LetterTopic.UNLIMITED, Long.MAX_VALUE);
        var orders = new Orders(
                kept.table,
                new Ends(1000, 10),
                kept.redrives,
                new Rewrites(kept.redrives, changes, Kept.STORE, topic, Instant::now),
                new InTurn(),
                new Edits(Kept.SETTINGS, changes, Kept.STORE, topic, Instant::now),
                changes,
                Kept.STORE,
                "answers",
                () -> Instant.ofEpochMilli(1000));
        orders.begin(StoreNote.begin(0, Uuid.ONE_UUID, 0));
        orders.begin(restored);
        return orders;
    }

    private static Order order(Command.Kind kind, long commandOffset, LetterState expected, long letter) {
        return new Order(
                new Command(kind, "command " + commandOffset, "a", "why", EnumSet.of(expected), List.of(letter)),
                commandOffset,
                null);
    }

    /** What they do is committed, then that it is answered. */
    private void commit(Orders orders) throws Unreadable {
        for (int i = 0; i < 2; i++) {
            for (ProducerRecord<byte[], byte[]> record : changes.handOver(Kept.STORE, List.of())) {
                if (record.topic().equals(Kept.STORE.partition().topic())
                        && Kept.STORE.key(record.key()).kind() == Store.Kind.COMMANDS) {
                    written = CarriedOut.read(record.value());
                }
            }
            for (Change change : changes.committed()) {
                change.entry().becomes(Entry.Phase.IDLE);
                orders.ended(change.entry());
            }
            orders.answerWhatIsDone();
        }
    }

    /** Five is a redrive that takes long; six parks another letter, seven redrives it, which it fails, and both are answered. */
    @Test
    void whatIsAnsweredIsNotCarriedOutAgainByTheNextOwner() throws Exception {
        Entry redriven = kept.add(1, Kept.KEY, Kept.letter());
        Entry other = kept.add(9, Kept.ANOTHER, Kept.letter());
        Orders orders = owner(CarriedOut.upTo(5));
        orders.take(order(Command.Kind.REDRIVE, 5, LetterState.OPEN, 1));
        orders.take(order(Command.Kind.PARK, 6, LetterState.OPEN, 9));
        commit(orders);
        assertThat(other.state().state()).isEqualTo(LetterState.PARKED);
        orders.take(order(Command.Kind.REDRIVE, 7, LetterState.PARKED, 9));
        changes.own(new Change(other, other.state().become(LetterState.OPEN, 0, "it failed again"), null));
        commit(orders);
        assertThat(other.state().state()).isEqualTo(LetterState.OPEN);
        assertThat(written).isEqualTo(new CarriedOut(8, Set.of(5L)));

        redriven.becomes(Entry.Phase.IDLE);
        Orders next = owner(written);
        assertThat(next.nextCommand()).isEqualTo(5);
        next.take(order(Command.Kind.REDRIVE, 5, LetterState.OPEN, 1));
        next.take(order(Command.Kind.PARK, 6, LetterState.OPEN, 9));
        next.take(order(Command.Kind.REDRIVE, 7, LetterState.PARKED, 9));
        next.take(order(Command.Kind.PARK, 8, LetterState.OPEN, 9));
        commit(next);
        assertThat(other.state().commandId()).isEqualTo("command 8");
        assertThat(redriven.phase()).as("asked for again").isEqualTo(Entry.Phase.WANTED);
        assertThat(written).isEqualTo(new CarriedOut(9, Set.of(5L)));
    }

    /** The next owner ends before it has read all that the one before had answered. */
    @Test
    void whatWasAnsweredOnceStaysAnsweredWhoeverReadsIt() throws Exception {
        kept.add(1, Kept.KEY, Kept.letter());
        Orders orders = owner(new CarriedOut(8, Set.of(5L, 7L)));
        orders.take(order(Command.Kind.PARK, 5, LetterState.OPEN, 1));
        commit(orders);
        assertThat(written).isEqualTo(new CarriedOut(8, Set.of(7L)));
    }

    @Test
    void whichCommandsAreCarriedOutIsReadAsItWasWritten() throws Exception {
        for (CarriedOut carriedOut : List.of(CarriedOut.upTo(0), new CarriedOut(9, Set.of(3L, 7L)))) {
            assertThat(CarriedOut.read(carriedOut.write())).isEqualTo(carriedOut);
        }
        assertThatThrownBy(() -> CarriedOut.read(new byte[9])).isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> CarriedOut.read(new byte[0])).isInstanceOf(Unreadable.class);
    }
}
