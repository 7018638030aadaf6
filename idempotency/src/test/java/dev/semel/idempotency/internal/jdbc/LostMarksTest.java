package dev.semel.idempotency.internal.jdbc;

import static dev.semel.idempotency.internal.jdbc.Fixture.TOPIC_ID;
import static dev.semel.idempotency.internal.jdbc.Fixture.record;
import static dev.semel.idempotency.internal.jdbc.Fixture.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.LogLines;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What was never released and cannot come again is reported, and never forgotten. */
@ParameterizedClass
@EnumSource
class LostMarksTest {

    @Parameter
    private TestDatabase kind;

    private final LogLines logged = LogLines.of(LostMarks.class.getName(), Level.ERROR);
    private Fixture fixture;

    @BeforeEach
    void crashBetweenTheCommits() throws Exception {
        fixture = new Fixture(kind.create()).withEffects();
        var partition = fixture.partition();
        fixture.attempt(partition, record(3, "released"), "3", "out 3");
        fixture.attempt(partition, record(4, "silent"), "4");
        fixture.attempt(partition, record(5, "loud"), "5", "out 5");
        partition.giveUp(record(6, "failed"), Fate.LETTERED, "handler_exception", "m");
        partition.giveUp(record(7, "skipped"), Fate.SKIPPED, "handler_exception", "m");
        fixture.attempt(partition, record(8, "comes again"), "8", "out 8");
    }

    @AfterEach
    void close() {
        logged.close();
        fixture.close();
    }

    private List<LostMarks.Lost> lost() throws Exception {
        return new LostMarks("group").all(fixture.database);
    }

    @Test
    void whatTheGroupWasSetForwardOverIsLost() throws Exception {
        var partition = fixture.partition(TOPIC_ID, 4, 8);
        assertThat(lost())
                .extracting(LostMarks.Lost::position)
                .containsExactly(new RecordPosition("orders", 0, 5), new RecordPosition("orders", 0, 6));
        assertThat(lost()).extracting(LostMarks.Lost::fate).containsExactly(Fate.HANDLED, Fate.LETTERED);
        assertThat(logged.lines())
                .singleElement()
                .asString()
                .startsWith("ERROR Group group: 2 event(s) of partition 0")
                .contains("shop/loud at offset 5, shop/failed at offset 6 (its letter)");
        assertThat(lost().get(0).event().id()).isEqualTo("loud");
        assertThat(lost().get(0).outputs())
                .singleElement()
                .satisfies(output -> assertThat(output.value()).asString().isEqualTo("out 5"));
        assertThat(fixture.marks())
                .containsExactly("3 DONE", "4 DONE", "5 LOST", "6 LOST LETTERED", "7 GIVEN_UP SKIPPED", "8 DONE");
        assertThat(recorded(fixture.attempt(partition, record(8, "comes again"), "x")))
                .containsExactly("out 8");
        assertThat(fixture.attempt(partition, record(9, "loud"), "x"))
                .as("it had its effect all the same")
                .isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void whatGoesOnWhereItWasReleasedHasLostNothing() throws Exception {
        fixture.partition(TOPIC_ID, 4, 4);
        fixture.partition(TOPIC_ID, 9, 4);
        assertThat(lost()).isEmpty();
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void whatWasReportedIsNotReportedAgain() throws Exception {
        fixture.partition(TOPIC_ID, 4, 8);
        fixture.partition(TOPIC_ID, 4, 8);
        assertThat(lost()).hasSize(2);
        assertThat(logged.lines()).hasSize(1);
    }

    @Test
    void whatComesAgainAfterAllIsFound() throws Exception {
        fixture.partition(TOPIC_ID, 4, 8);
        var setBack = fixture.partition(TOPIC_ID, 4, 4);
        assertThat(lost()).isEmpty();
        assertThat(recorded(fixture.attempt(setBack, record(5, "loud"), "x"))).containsExactly("out 5");
        assertThat(fixture.attempt(setBack, record(6, "failed"), "x")).isInstanceOf(Verdict.GivenUp.class);
    }

    @Test
    void whatWasReleasedBehindItStaysLost() throws Exception {
        fixture.partition(TOPIC_ID, 4, 8);
        var rewound = fixture.partition(TOPIC_ID, 100, 0);
        assertThat(fixture.attempt(rewound, record(5, "loud"), "x"))
                .as("below released-through nothing is sent again")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(lost()).hasSize(2);
    }

    @Test
    void whatATopicThatIsGoneHasNeverReleasedIsLost() throws Exception {
        fixture.partition(Uuid.randomUuid(), 0, 0, Map.of(TOPIC_ID, 6L));
        assertThat(lost()).extracting(lost -> lost.position().offset()).containsExactly(6L, 8L);
    }

    /** Nobody owns a partition with its number any more. */
    @Test
    void whatATopicThatIsGoneHasNeverReleasedIsLostAlsoWhereItsSuccessorHasFewerPartitions() throws Exception {
        var second = fixture.partition(1, TOPIC_ID, 0, 0, Map.of());
        fixture.attempt(second, record(new RecordPosition("orders", 1, 2), "of 1", "v", Fixture.T0), "of 1", "out");
        fixture.partition(Uuid.randomUuid(), 0, 0, Map.of(TOPIC_ID, 0L));
        assertThat(lost()).extracting(LostMarks.Lost::position).contains(new RecordPosition("orders", 1, 2));
    }

    /** With nothing released, everything before the committed offset would be lost, and be sent again after a rewind. */
    @Test
    void whatIsMarkedBeforeTheCommittedOffsetIsNotTakenForLostWhereNothingSaysWhatIsReleased() throws Exception {
        assertThatThrownBy(() -> fixture.partition(TOPIC_ID, 0, 8))
                .isInstanceOf(ProcessorFailedException.class)
                .hasMessageContainingAll(
                        "topic group.released does not say how far group group has released partition orders-0",
                        "offset 8",
                        "key group/" + TOPIC_ID + "/0");
        assertThat(lost()).isEmpty();
        assertThatCode(() -> fixture.partition(TOPIC_ID, 0, 3))
                .as("nothing is marked before what is committed")
                .doesNotThrowAnyException();
    }

    @Test
    void whatALateAttemptOfAnEarlierOwnerHasLeftIsFoundLater() throws Exception {
        var oldOwner = fixture.partition();
        var newOwner = fixture.partition(TOPIC_ID, 9, 20);
        assertThat(lost()).isEmpty();
        fixture.attempt(oldOwner, record(12, "late"), "12", "out 12");
        newOwner.cleanUp(new CleanUp(
                fixture.database,
                new Expiry(fixture.database, "group", Duration.ofDays(1)),
                new LostMarks("group"),
                () -> true));
        assertThat(lost()).extracting(lost -> lost.event().id()).containsExactly("late");
    }

    @Test
    void whatIsLostDoesNotExpire() throws Exception {
        fixture.partition(TOPIC_ID, 4, 8);
        TestDatabase.execute(fixture.source, "UPDATE semel_mark SET marked_at_ms = 0, record_time_ms = 0");
        new Expiry(fixture.database, "group", Duration.ofDays(1))
                .run(TOPIC_ID, 0, 100, System.currentTimeMillis(), () -> true);
        assertThat(fixture.marks()).containsExactly("5 LOST", "6 LOST LETTERED");
    }
}
