package dev.semel.idempotency.internal.jdbc;

import static dev.semel.idempotency.internal.jdbc.Fixture.NO_CONTEXT;
import static dev.semel.idempotency.internal.jdbc.Fixture.TOPIC_ID;
import static dev.semel.idempotency.internal.jdbc.Fixture.copy;
import static dev.semel.idempotency.internal.jdbc.Fixture.effect;
import static dev.semel.idempotency.internal.jdbc.Fixture.handedIn;
import static dev.semel.idempotency.internal.jdbc.Fixture.outputs;
import static dev.semel.idempotency.internal.jdbc.Fixture.record;
import static dev.semel.idempotency.internal.jdbc.Fixture.recorded;
import static dev.semel.idempotency.internal.jdbc.Fixture.redelivered;
import static dev.semel.idempotency.internal.jdbc.Fixture.unread;
import static dev.semel.idempotency.internal.jdbc.Fixture.unreadCopy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.internal.Sha256;
import dev.semel.idempotency.jdbc.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/** One event id has one effect, and its outputs are sent once: in the database, where nothing else interferes. */
@ParameterizedClass
@EnumSource
class AttemptTest {

    @Parameter
    private TestDatabase kind;

    private Fixture fixture;

    @BeforeEach
    void connect() {
        fixture = new Fixture(kind.create()).withEffects();
    }

    @AfterEach
    void disconnect() {
        fixture.close();
    }

    @Test
    void theEffectAndTheMarkAreCommittedTogether() throws Exception {
        assertThat(fixture.attempt(fixture.partition(), record(7, "a"), "effect"))
                .isInstanceOf(Verdict.Proceed.class);
        assertThat(fixture.effects()).containsExactly("effect");
        assertThat(fixture.marks()).containsExactly("7 DONE");
    }

    @Test
    void whatIsNotCommittedLeavesNeitherEffectNorMark() throws Exception {
        try (UnitOfWork unit = fixture.partition().begin()) {
            unit.judge(record(7, "a"));
            unit.context(record(7, "a"), NO_CONTEXT);
            effect(fixture.connections.get(), "effect");
            unit.handled(record(7, "a"), outputs("x"));
        }
        assertThat(fixture.effects()).isEmpty();
        assertThat(fixture.marks()).isEmpty();
    }

    @Test
    void aPositionThatWasNeverReleasedGetsItsOutputsBackAndRunsNothing() throws Exception {
        fixture.attempt(fixture.partition(), record(7, "a"), "effect", "first", "second");
        Verdict again = fixture.attempt(fixture.partition(TOPIC_ID, 5, 5), record(7, "a"), "another effect");
        assertThat(recorded(again)).containsExactly("first", "second");
        assertThat(fixture.effects()).containsExactly("effect");
    }

    @Test
    void aPositionThatWasReleasedIsADuplicate() throws Exception {
        fixture.attempt(fixture.partition(), record(7, "a"), "effect", "first");
        assertThat(fixture.attempt(fixture.partition(TOPIC_ID, 8, 0), record(7, "a"), "another effect"))
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.attempt(fixture.partition(TOPIC_ID, 7, 0), record(7, "a"), "another effect"))
                .as("released up to the one before")
                .isInstanceOf(Verdict.Recorded.class);
    }

    /** The process ends between the commit in the database and that in Kafka: the record is read again. */
    @Test
    void whatWasToBeKeptForLaterIsJudgedAnewWhereThatWasNeverReleased() throws Exception {
        for (Fate kept : List.of(Fate.DEFERRED, Fate.WAITING)) {
            long offset = kept.ordinal();
            String id = kept.name();
            assertThat(fixture.partition().giveUp(record(offset, id), kept, "out_of_order", "too early"))
                    .isEqualTo(Verdict.PROCEED);
            try (UnitOfWork unit = fixture.partition().begin()) {
                assertThat(unit.judge(record(offset, id))).isInstanceOf(Verdict.Proceed.class);
            }
        }
    }

    @Test
    void theSameEventAtAnotherPositionIsADuplicate() throws Exception {
        var partition = fixture.partition();
        fixture.attempt(partition, record(7, "a"), "effect", "first");
        assertThat(fixture.attempt(partition, record(8, "a"), "another effect")).isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.attempt(partition, record(6, "a"), "another effect")).isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.effects()).containsExactly("effect");
    }

    @Test
    void theSameEventAtTheSameOffsetOfATopicMadeAnewIsADuplicate() throws Exception {
        fixture.attempt(fixture.partition(), record(7, "a"), "effect", "first");
        var anew = fixture.partition(Uuid.randomUuid(), 0, 0);
        assertThat(fixture.attempt(anew, record(7, "a"), "another effect")).isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.attempt(anew, record(8, "b"), "its effect")).isInstanceOf(Verdict.Proceed.class);
    }

    @Test
    void theSamePositionUnderAnotherIdIsNotHandledAgain() throws Exception {
        fixture.attempt(fixture.partition(), record(7, "a"), "effect", "first");
        assertThat(recorded(fixture.attempt(fixture.partition(), record(7, "named by newer code"), "another effect")))
                .containsExactly("first");
    }

    @Test
    void idsAreTakenWhateverTheyAreMadeOf() throws Exception {
        var partition = fixture.partition();
        List<String> ids = List.of(
                "x".repeat(10_240),
                "x".repeat(10_241),
                "nul\0here",
                "half a pair \uD800",
                "half a pair \uD801",
                "\uD83D\uDE00");
        for (int i = 0; i < ids.size(); i++) {
            assertThat(fixture.attempt(partition, record(i, ids.get(i)), "effect " + i))
                    .isInstanceOf(Verdict.Proceed.class);
        }
        for (int i = 0; i < ids.size(); i++) {
            assertThat(fixture.attempt(partition, record(100 + i, ids.get(i)), "another"))
                    .as("id " + i)
                    .isEqualTo(Verdict.DUPLICATE);
        }
    }

    @Test
    void sourceAndIdTogetherNameAnEvent() {
        assertThat(Sha256.of("ab", "c")).isNotEqualTo(Sha256.of("a", "bc"));
    }

    @Test
    void recordsOfABatchAreCommittedTogether() throws Exception {
        var partition = fixture.partition();
        fixture.attempt(partition, record(0, "a"), "effect");
        try (UnitOfWork unit = partition.begin()) {
            assertThat(unit.judge(record(1, "a"))).isEqualTo(Verdict.DUPLICATE);
            assertThat(unit.judge(record(2, "b"))).isInstanceOf(Verdict.Proceed.class);
            assertThat(unit.judge(record(3, "c"))).isInstanceOf(Verdict.Proceed.class);
            assertThat(unit.judge(record(4, "b")))
                    .as("the same event in the same batch")
                    .isEqualTo(Verdict.DUPLICATE);
            unit.handled(record(2, "b"), outputs("of b"));
            unit.handled(record(3, "c"), outputs());
            unit.commit();
        }
        assertThat(fixture.marks()).containsExactly("0 DONE", "2 DONE", "3 DONE");
        assertThat(recorded(fixture.attempt(fixture.partition(), record(2, "b"), "x")))
                .containsExactly("of b");
    }

    @Test
    void whatWasJudgedAndThenNotHandledIsNotMarked() throws Exception {
        try (UnitOfWork unit = fixture.partition().begin()) {
            unit.judge(record(1, "another participant lets it wait"));
            unit.judge(record(2, "b"));
            unit.handled(record(2, "b"), outputs());
            unit.commit();
        }
        assertThat(fixture.marks()).containsExactly("2 DONE");
    }

    @Test
    void anotherPayloadUnderTheSameIdIsRejected() throws Exception {
        fixture.comparingPayloads();
        var partition = fixture.partition();
        fixture.attempt(partition, record(1, "a", "ten", 0), "effect");
        assertThat(fixture.attempt(partition, record(2, "a", "ten", 0), "x")).isEqualTo(Verdict.DUPLICATE);
        assertThatThrownBy(() -> fixture.attempt(partition, record(3, "a", "twelve", 0), "x"))
                .isInstanceOfSatisfying(
                        EventRejectedException.class,
                        rejected -> assertThat(rejected.failureClass()).isEqualTo(FailureClass.PAYLOAD_MISMATCH))
                .hasMessageContaining("shop/a")
                .hasMessageContaining("orders-0@1");
        assertThat(partition.giveUp(record(3, "a", "twelve", 0), Fate.LETTERED, "payload_mismatch", "another"))
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.marks()).as("the mark is the other event's").containsExactly("1 DONE");
    }

    @Test
    void aBatchGoesOnBehindARecordThatIsRejected() throws Exception {
        fixture.comparingPayloads();
        var partition = fixture.partition();
        fixture.attempt(partition, record(1, "a", "ten", 0), "effect");
        try (UnitOfWork unit = partition.begin()) {
            unit.judge(record(2, "b"));
            assertThatThrownBy(() -> unit.judge(record(3, "a", "twelve", 0)))
                    .isInstanceOf(EventRejectedException.class);
            assertThat(unit.judge(record(4, "c"))).isInstanceOf(Verdict.Proceed.class);
            unit.handled(record(2, "b"), outputs());
            unit.handled(record(4, "c"), outputs());
            unit.commit();
        }
        assertThat(fixture.marks()).containsExactly("1 DONE", "2 DONE", "4 DONE");
    }

    @Test
    void theHandlerHasNoSayInItsTransaction() throws Exception {
        try (UnitOfWork unit = fixture.partition().begin()) {
            unit.judge(record(1, "a"));
            unit.context(record(1, "a"), NO_CONTEXT);
            Connection connection = fixture.connections.get();
            assertThatThrownBy(connection::commit)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("commit");
            assertThatThrownBy(connection::rollback).hasMessageContaining("rollback");
            assertThatThrownBy(connection::close).hasMessageContaining("close");
            assertThatThrownBy(() -> connection.setAutoCommit(true)).hasMessageContaining("setAutoCommit");
            assertThatThrownBy(() -> connection.abort(Runnable::run)).hasMessageContaining("abort");
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> unit.handled(record(1, "a"), outputs()))
                    .as("even where the handler has caught it")
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("commit");
        }
        assertThat(fixture.marks()).isEmpty();
    }

    @Test
    void theHandlerHasNoOtherWayToItsConnection() throws Exception {
        try (UnitOfWork unit = fixture.partition().begin()) {
            unit.judge(record(1, "a"));
            unit.context(record(1, "a"), NO_CONTEXT);
            Connection connection = fixture.connections.get();
            try (var statement = connection.createStatement();
                    var prepared = connection.prepareStatement("INSERT INTO effect VALUES ('a', 0)");
                    var call = connection.prepareCall("SELECT 1")) {
                assertThat(statement.getConnection()).isSameAs(connection);
                assertThat(prepared.getConnection()).isSameAs(connection);
                assertThat(call.getConnection()).isSameAs(connection);
                assertThat(prepared.unwrap(PreparedStatement.class)).isSameAs(prepared);
                assertThat(prepared.executeUpdate()).isEqualTo(1);
                assertThatThrownBy(prepared::executeUpdate)
                        .as("as the driver throws it")
                        .isInstanceOf(SQLException.class);
                assertThatThrownBy(() -> statement.getConnection().commit()).hasMessageContaining("commit");
            }
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            assertThat(connection.getMetaData().getDatabaseProductName()).isNotBlank();
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThatThrownBy(() -> unit.handled(record(1, "a"), outputs()))
                    .as("even where the handler has caught it")
                    .hasMessageContaining("commit");
        }
        assertThat(fixture.effects()).isEmpty();
        assertThat(fixture.marks()).isEmpty();
    }

    @Test
    void aDriversOwnTypeIsTheHandlersToAskFor() throws Exception {
        assumeThat(kind).isEqualTo(TestDatabase.POSTGRESQL);
        try (UnitOfWork unit = fixture.partition().begin()) {
            unit.judge(record(1, "a"));
            unit.context(record(1, "a"), NO_CONTEXT);
            Connection connection = fixture.connections.get();
            assertThat(connection.unwrap(PGConnection.class).getCopyAPI()).isNotNull();
            try (var prepared = connection.prepareStatement("SELECT 1")) {
                assertThat(prepared.unwrap(PGStatement.class).getPrepareThreshold())
                        .isPositive();
            }
        }
    }

    @Test
    void savepointsAreTheHandlersOwn() throws Exception {
        try (UnitOfWork unit = fixture.partition().begin()) {
            unit.judge(record(1, "a"));
            unit.context(record(1, "a"), NO_CONTEXT);
            Connection connection = fixture.connections.get();
            effect(connection, "stays");
            var savepoint = connection.setSavepoint();
            effect(connection, "goes");
            connection.rollback(savepoint);
            unit.handled(record(1, "a"), outputs());
            unit.commit();
        }
        assertThat(fixture.effects()).containsExactly("stays");
    }

    @Test
    void theHandlersConnectionIsOfNoUseWhenTheAttemptIsOver() throws Exception {
        Connection kept;
        try (UnitOfWork unit = fixture.partition().begin()) {
            unit.judge(record(1, "a"));
            unit.context(record(1, "a"), NO_CONTEXT);
            kept = fixture.connections.get();
            assertThat(kept.isClosed()).isFalse();
            unit.handled(record(1, "a"), outputs());
            unit.commit();
        }
        assertThat(kept.isClosed()).isTrue();
        assertThatThrownBy(kept::createStatement)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("is over");
        assertThatThrownBy(fixture.connections::get)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Idempotency.with(store)");
    }

    @Test
    void aHandlerThatSwallowsAnErrorOfTheDatabaseDoesNotGetAway() throws Exception {
        fixture.attempt(fixture.partition(), record(0, "z"), "taken");
        Exception failure = null;
        try (UnitOfWork unit = fixture.partition().begin()) {
            unit.judge(record(1, "a"));
            unit.context(record(1, "a"), NO_CONTEXT);
            Connection connection = fixture.connections.get();
            effect(connection, "before");
            assertThatThrownBy(() -> effect(connection, "taken")).isInstanceOf(SQLException.class);
            try {
                unit.handled(record(1, "a"), outputs());
                unit.commit();
            } catch (SQLException e) {
                failure = unit.failed(e);
            }
        }
        if (kind == TestDatabase.POSTGRESQL) {
            assertThat(failure).as("the transaction was lost with it").isInstanceOf(SQLException.class);
            assertThat(fixture.marks()).containsExactly("0 DONE");
            assertThat(fixture.effects()).containsExactly("taken");
        } else {
            assertThat(failure).as("only the statement was undone").isNull();
            assertThat(fixture.effects()).containsExactly("before", "taken");
        }
    }

    @Test
    void aConstraintViolationIsTheHandlersOwnAndTheOnlyMarkIsThatItWasGivenUp() throws Exception {
        var partition = fixture.partition();
        fixture.attempt(partition, record(0, "z"), "taken");
        try (UnitOfWork unit = partition.begin()) {
            unit.judge(record(1, "a"));
            unit.context(record(1, "a"), NO_CONTEXT);
            SQLException violation = null;
            try {
                effect(fixture.connections.get(), "taken");
            } catch (SQLException e) {
                violation = e;
            }
            assertThatObject(violation).isNotNull();
            assertThatObject(unit.failed(violation)).isSameAs(violation);
        }
        assertThat(partition.giveUp(record(1, "a"), Fate.LETTERED, "handler_exception", "taken"))
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.marks()).containsExactly("0 DONE", "1 GIVEN_UP LETTERED");
        assertThat(fixture.processor.told()).isEmpty();
    }

    @Test
    void whatWasGivenUpStaysSo() throws Exception {
        var partition = fixture.partition();
        partition.giveUp(record(1, "a"), Fate.SKIPPED, "out_of_stock", "none\0left");
        assertThat(fixture.attempt(partition, record(1, "a"), "effect"))
                .isEqualTo(new Verdict.GivenUp(Fate.SKIPPED, "out_of_stock", "none\uFFFDleft"));
        assertThat(fixture.attempt(partition, record(2, "a"), "effect")).isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.attempt(fixture.partition(TOPIC_ID, 2, 0), record(1, "a"), "effect"))
                .as("released, and rewound over")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(partition.giveUp(record(1, "a"), Fate.LETTERED, "process_died", "killed"))
                .as("asked again")
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.attempt(partition, record(1, "a"), "effect"))
                .isEqualTo(new Verdict.GivenUp(Fate.LETTERED, "process_died", "killed"));
        assertThat(fixture.effects()).isEmpty();
    }

    @Test
    void aRedeliveryReplacesTheMarkOfGivingUpAndOnlyItsOwn() throws Exception {
        var released = fixture.partition(TOPIC_ID, 9, 0);
        fixture.partition().giveUp(record(1, "a"), Fate.LETTERED, "handler_exception", "failed");
        assertThat(fixture.attempt(released, redelivered(2, "a"), "effect of a copy"))
                .as("another record of the event, which waits behind the letter")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.attempt(released, redelivered(1, "a"), "effect", "out"))
                .isInstanceOf(Verdict.Proceed.class);
        assertThat(fixture.marks()).containsExactly("1 DONE");
        assertThat(fixture.effects()).containsExactly("effect");
        assertThat(fixture.attempt(released, record(2, "a"), "effect of a copy"))
                .isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void aCopyOfALetterReplacesTheMarkOfGivingUpOnce() throws Exception {
        var partition = fixture.partition();
        partition.giveUp(record(1, "a"), Fate.LETTERED, "handler_exception", "failed");
        partition.giveUp(record(3, "b"), Fate.LETTERED, "handler_exception", "failed");
        for (String forged : List.of(
                "group/orders/0/3",
                "other/orders/0/1",
                "group/orders/0/2",
                "group/other/0/1",
                "group/orders/1/1",
                "")) {
            assertThat(fixture.attempt(partition, copy(7, "a", forged), "effect"))
                    .as(forged)
                    .isEqualTo(Verdict.DUPLICATE);
        }
        assertThat(fixture.marks()).containsExactly("1 GIVEN_UP LETTERED", "3 GIVEN_UP LETTERED");
        assertThat(fixture.attempt(partition, copy(8, "a", "group/orders/0/1"), "effect", "out"))
                .isInstanceOf(Verdict.Proceed.class);
        assertThat(fixture.marks()).containsExactly("3 GIVEN_UP LETTERED", "8 DONE");
        assertThat(recorded(fixture.attempt(partition, copy(8, "a", "group/orders/0/1"), "effect")))
                .as("it was not released yet")
                .containsExactly("out");
        assertThat(fixture.attempt(partition, copy(9, "a", "group/orders/0/1"), "effect"))
                .as("a second copy")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.attempt(partition, redelivered(1, "a"), "effect"))
                .as("the letter itself, if it is kept as well")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.effects()).containsExactly("effect");
    }

    @Test
    void whatHadItsEffectOrWasSkippedStaysADuplicateForACopyOfALetter() throws Exception {
        var partition = fixture.partition();
        fixture.attempt(partition, record(1, "a"), "effect");
        partition.giveUp(record(2, "b"), Fate.SKIPPED, "out_of_stock", "none left");
        assertThat(fixture.attempt(partition, copy(8, "a", "group/orders/0/1"), "again"))
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.attempt(partition, copy(9, "b", "group/orders/0/2"), "again"))
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.effects()).containsExactly("effect");
    }

    /** Its letter has its own position, by which the next copy is known. */
    @Test
    void aCopyOfALetterThatFailsAgainIsGivenUpByItsOwnPosition() throws Exception {
        var partition = fixture.partition();
        partition.giveUp(record(1, "a"), Fate.LETTERED, "handler_exception", "failed");
        assertThat(partition.giveUp(copy(8, "a", "group/orders/0/1"), Fate.LETTERED, "handler_exception", "again"))
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.marks()).containsExactly("8 GIVEN_UP LETTERED");
        assertThat(fixture.attempt(partition, copy(9, "a", "group/orders/0/1"), "effect"))
                .as("a second copy of the first letter")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.attempt(partition, copy(10, "a", "group/orders/0/8"), "effect"))
                .isInstanceOf(Verdict.Proceed.class);
        assertThat(fixture.effects()).containsExactly("effect");
    }

    /** The process has died of it, perhaps. */
    @Test
    void aLetterOfACopyThatWasNotEvenReadIsRedrivenByACopyAsWell() throws Exception {
        var partition = fixture.partition();
        partition.giveUp(record(1, "a"), Fate.LETTERED, "handler_exception", "failed");
        assertThat(partition.giveUp(unreadCopy(8, "group/orders/0/1"), Fate.LETTERED, "process_died", "killed"))
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.attempt(partition, copy(9, "a", "group/orders/0/8"), "effect"))
                .isInstanceOf(Verdict.Proceed.class);
        assertThat(fixture.attempt(partition, copy(10, "a", "group/orders/0/8"), "effect"))
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.effects()).containsExactly("effect");
    }

    /** Else it would be dropped as a duplicate of an event that never had its effect. */
    @Test
    void aCopyOfALetterThatHasToWaitIsKeptAndHandledWhenItIsHandedIn() throws Exception {
        var partition = fixture.partition();
        partition.giveUp(record(1, "a"), Fate.LETTERED, "handler_exception", "failed");
        assertThat(partition.giveUp(copy(8, "a", "group/orders/0/1"), Fate.WAITING, "waits", "behind another letter"))
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.marks()).containsExactly("1 GIVEN_UP LETTERED");
        assertThat(fixture.attempt(partition, copy(8, "a", "group/orders/0/1"), "effect"))
                .isInstanceOf(Verdict.Proceed.class);
        assertThat(fixture.effects()).containsExactly("effect");
    }

    /** A participant that keeps letters hands it in below 0, since its offset is another record's now. */
    @Test
    void aLetterOfATopicThatWasMadeAnewIsRedeliveredByTheNameThatItHad() throws Exception {
        fixture.partition().giveUp(record(1, "a"), Fate.WAITING, "waits", "behind another letter");
        var anew = fixture.partition(Uuid.randomUuid(), 9, 0);
        fixture.attempt(anew, record(1, "b"), "effect of b");
        assertThat(fixture.attempt(anew, handedIn(copy(-7, "a", "group/orders/0/1")), "effect", "out"))
                .isInstanceOf(Verdict.Proceed.class);
        assertThat(recorded(fixture.attempt(anew, handedIn(copy(-7, "a", "group/orders/0/1")), "effect")))
                .as("the process has ended before it was released")
                .containsExactly("out");
        assertThat(fixture.effects()).containsExactlyInAnyOrder("effect", "effect of b");
    }

    /** It was released as a letter; that what it did then is not, shows in its being redelivered. */
    @Test
    void whatARedeliveryHasSentIsDueAgainAsLongAsItIsRedelivered() throws Exception {
        var released = fixture.partition(TOPIC_ID, 9, 0);
        fixture.partition().giveUp(record(1, "a"), Fate.LETTERED, "handler_exception", "failed");
        fixture.attempt(released, redelivered(1, "a"), "effect", "out");
        assertThat(recorded(fixture.attempt(released, redelivered(1, "a"), "effect")))
                .containsExactly("out");
        assertThat(recorded(released.giveUp(redelivered(1, "a"), Fate.LETTERED, "timeout_exceeded", "late")))
                .containsExactly("out");
        assertThat(fixture.attempt(released, record(1, "a"), "effect"))
                .as("rewound over")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(fixture.effects()).containsExactly("effect");
    }

    @Test
    void aRedeliveryThatFailsAgainStaysGivenUp() throws Exception {
        var released = fixture.partition(TOPIC_ID, 9, 0);
        fixture.partition().giveUp(record(1, "a"), Fate.LETTERED, "handler_exception", "failed");
        try (UnitOfWork unit = released.begin()) {
            assertThat(unit.judge(redelivered(1, "a"))).isInstanceOf(Verdict.Proceed.class);
        }
        assertThat(released.giveUp(redelivered(1, "a"), Fate.LETTERED, "timeout_exceeded", "again"))
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.marks()).containsExactly("1 GIVEN_UP LETTERED");
    }

    @Test
    void whatHadItsEffectAfterAllIsNotGivenUp() throws Exception {
        fixture.attempt(fixture.partition(), record(1, "a"), "effect", "out");
        assertThat(recorded(fixture.partition().giveUp(record(1, "a"), Fate.LETTERED, "timeout_exceeded", "late")))
                .containsExactly("out");
        assertThat(recorded(fixture.partition().giveUp(unread(1), Fate.LETTERED, "process_died", "killed")))
                .as("by its position, where the event is not known")
                .containsExactly("out");
        assertThat(fixture.partition(TOPIC_ID, 2, 0).giveUp(unread(1), Fate.LETTERED, "process_died", "killed"))
                .isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void aRecordThatCouldNotBeReadIsGivenUpByItsPosition() throws Exception {
        var partition = fixture.partition();
        assertThat(partition.giveUp(unread(1), Fate.LETTERED, "process_died", "killed"))
                .isEqualTo(Verdict.PROCEED);
        assertThat(fixture.attempt(partition, record(1, "a"), "late effect"))
                .as("an attempt that had read it, and wakes up late")
                .isEqualTo(new Verdict.GivenUp(Fate.LETTERED, "process_died", "killed"));
        assertThat(fixture.effects()).isEmpty();
    }
}
