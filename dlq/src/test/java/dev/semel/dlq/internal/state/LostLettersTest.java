package dev.semel.dlq.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.StateChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Retention goes on between two runs, so that their packs begin at different letters. */
class LostLettersTest {

    private static final Uuid TOPIC = Uuid.randomUuid();

    private final List<ProducerRecord<byte[], byte[]>> log = new ArrayList<>();

    @Test
    void aLetterIsLostOnce() {
        run(0, 1_500);
        LetterStates states = run(700, 1_601);
        var lost = new ArrayList<String>();
        states.lost(partition -> 1_601, lost::add);
        assertThat(lost).hasSize(1_601).doesNotHaveDuplicates();
    }

    @Test
    void whatIsOverAndForgottenIsNotLost() {
        LetterStates states = run(0, 1_500);
        for (int i = 0; i < 1_500; i++) {
            var change = new StateChange(LetterState.SENT, "r", "ann", null, Instant.EPOCH, 1, "orders");
            log.add(states.record(letter(i), change));
            states.changed(letter(i).id(), change);
        }
        // Letters up to 700 are gone; 1500 to 1600 have come and are open.
        states = run(700, 1_601);
        states.forgotten(partition -> 1_500).forEach(log::addAll);
        var lost = new ArrayList<String>();
        restored().lost(partition -> 1_500, lost::add);
        assertThat(lost).isEmpty();
    }

    /** As a redrive that finds these letters writes down which there are. */
    private LetterStates run(int from, int to) {
        LetterStates states = restored();
        var seen = new SeenLetters("letters");
        for (int i = from; i < to; i++) {
            seen.add(letter(i));
        }
        log.addAll(states.unseen(seen));
        return restored();
    }

    private LetterStates restored() {
        var states = new LetterStates("letters", "letters-state", TOPIC);
        for (int i = 0; i < log.size(); i++) {
            ProducerRecord<byte[], byte[]> record = log.get(i);
            states.restore(new ConsumerRecord<>("letters-state", 0, i, record.key(), record.value()));
        }
        return states;
    }

    private static Letter letter(long offset) {
        return new Letter(
                new RecordPosition("letters", 0, offset),
                "letters/0/" + offset,
                LetterState.OPEN,
                LetterFormat.CONNECT,
                null,
                null,
                FailureClass.HANDLER_EXCEPTION,
                "f",
                null,
                null,
                Instant.EPOCH,
                null,
                0,
                Content.WHOLE,
                null,
                null,
                List.of());
    }
}
