package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static dev.semel.dlq.LetterFilter.exception;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.DeadLetter;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator looks at before and after something is changed. */
@KafkaTest
@Timeout(120)
class OperatorsViewIT {

    private final TestKafka kafka;
    private final String letters;
    private final LetterFeed feed;
    private DeadLetterReprocessor reprocessor;

    OperatorsViewIT(TestKafka kafka) {
        this.kafka = kafka;
        this.letters = kafka.topic("letters", 2);
        this.feed = new LetterFeed(kafka, letters, kafka.topic("orders", 2));
    }

    @BeforeEach
    void open() {
        reprocessor = DeadLetterReprocessor.builder(kafka.clientConfig(), letters)
                .actor("ann")
                .open();
    }

    @AfterEach
    void close() {
        reprocessor.close();
    }

    @Test
    void readingEndsWhenTheTakerHasEnough() {
        feed.send(10);
        var taken = new ArrayList<String>();
        reprocessor.listWhile(all(), letter -> {
            taken.add(letter.id());
            return taken.size() < 3;
        });
        assertThat(taken).containsExactly(letters + "/0/0", letters + "/0/1", letters + "/0/2");
    }

    @Test
    void aLetterIsFoundByItsIdWhereverItLies() {
        feed.send(5);
        var moved = new ProducerRecord<byte[], byte[]>(letters, 1, null, null);
        Map.of(
                        DeadLetter.TOPIC, "orders",
                        DeadLetter.PARTITION, "0",
                        DeadLetter.OFFSET, "7",
                        DeadLetter.EXCEPTION, "x.OtherException",
                        DeadLetter.ID, "inventory/orders/0/7",
                        DeadLetter.GROUP, "inventory",
                        DeadLetter.FAILURE, "handler_exception",
                        DeadLetter.FINGERPRINT, "f1",
                        DeadLetter.ATTEMPT, "1",
                        DeadLetter.FIRST_FAILED_AT, "2025-06-14T02:00:00Z")
                .forEach((name, value) -> moved.headers().add(name, LetterFeed.bytes(value)));
        moved.headers().add(DeadLetter.ORIGINAL_TIMESTAMP, LetterFeed.bytes("0"));
        kafka.send(List.of(moved));
        assertThat(reprocessor.show("inventory/orders/0/7"))
                .as("not where its id says")
                .map(letter -> letter.position().partition())
                .hasValue(1);
        for (Letter letter : reprocessor.list(all(), 9)) {
            assertThat(reprocessor.show(letter.id())).hasValue(letter);
        }
        assertThat(reprocessor.show(letters + "/0/5")).as("behind the last").isEmpty();
        assertThat(reprocessor.show(letters + "/9/0")).as("no such partition").isEmpty();
        assertThat(reprocessor.show("inventory/orders/1/0")).isEmpty();
        assertThat(reprocessor.show("none")).isEmpty();
    }

    @Test
    void aSelectionKnowsTheFaultsOfTheLettersThatItWouldTakeUp() {
        feed.send(3);
        kafka.send(List.of(feed.letter(0, 3, "k", "v3", "x.OtherException")));
        reprocessor.select(exception("OtherException")).park("ask the supplier");
        LetterSelection selection = reprocessor.select(all());
        assertThat(selection.groups()).singleElement().satisfies(group -> {
            assertThat(group.exception()).isEqualTo(LetterFeed.TIMEOUT);
            assertThat(group.count()).isEqualTo(3);
        });
        assertThat(selection.size()).isEqualTo(4);
    }

    @Test
    void whatWasDoneIsToldInItsOrderWithItsReason() {
        feed.send(1);
        var changes = new ArrayList<StateChange>();
        reprocessor.changes((id, change) -> changes.add(change));
        assertThat(changes).as("nothing was done").isEmpty();

        reprocessor.select(all()).park("ask the supplier");
        reprocessor
                .select(LetterFilter.state(LetterState.PARKED))
                .reason("the supplier is back")
                .redrive();
        reprocessor.changes((id, change) -> {
            assertThat(id).isEqualTo(letters + "/0/0");
            changes.add(change);
        });
        assertThat(changes).extracting(StateChange::state).containsExactly(LetterState.PARKED, LetterState.SENT);
        assertThat(changes).extracting(StateChange::reason).containsExactly("ask the supplier", "the supplier is back");
    }

    @Test
    void lettersOfAGroupAreFound() {
        feed.send(2);
        assertThat(reprocessor.list(LetterFilter.group("sink"), 10)).hasSize(2);
        assertThat(reprocessor.list(LetterFilter.group("other"), 10)).isEmpty();
    }

    @Test
    void aNameThatLeadsNowhereIsAClusterOutOfReachAndAWrongSettingIsRefused() {
        assertThatThrownBy(
                        () -> DeadLetterReprocessor.open(Map.of("bootstrap.servers", "nowhere.invalid:9092"), letters))
                .isInstanceOf(LettersUnavailableException.class)
                .hasMessageContaining("nowhere.invalid:9092");
        assertThatThrownBy(() -> DeadLetterReprocessor.open(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "security.protocol", "NONE"), letters))
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining("NONE");
    }
}
