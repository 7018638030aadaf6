package dev.semel.idempotency.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventId;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.Events;
import dev.semel.idempotency.internal.marks.Claim;
import dev.semel.idempotency.internal.marks.Claims;
import dev.semel.idempotency.internal.marks.Marks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What the processor is told of its records. */
class JudgeTest {

    private static final Uuid TOPIC = Uuid.randomUuid();

    private final Claims claims = new Claims(new Marks(3_600_000, true, Long.MAX_VALUE));
    private final Judge judge = new Judge(claims, (event, topicId) -> event.id(), TOPIC, false);
    private final Judge strict = new Judge(claims, (event, topicId) -> event.id(), TOPIC, true);

    @Test
    void whatIsHandledIsADuplicateFromItsCommitOn() throws Exception {
        try (UnitOfWork first = judge.begin();
                UnitOfWork second = judge.begin()) {
            assertThat(judged(first, 1, "event")).isInstanceOf(Verdict.Proceed.class);
            assertThat(judged(second, 2, "event")).isInstanceOf(Verdict.Wait.class);
            first.handled(Events.subject(Events.event(1, "event", "v")), List.of());
            assertThat(judged(second, 2, "event"))
                    .as("its deadline may still fail it")
                    .isInstanceOf(Verdict.Wait.class);
            first.commit();
            assertThat(judged(second, 2, "event")).isEqualTo(Verdict.DUPLICATE);
        }
        assertThat(judged(judge.begin(), 3, "event")).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void theTokenIsTheClaim() throws Exception {
        try (UnitOfWork unit = judge.begin()) {
            var proceed = (Verdict.Proceed) judged(unit, 7, "event");
            assertThat(proceed.token())
                    .isInstanceOfSatisfying(
                            Claim.class, claim -> assertThat(claim.offset()).isEqualTo(7));
        }
    }

    @Test
    void aFailedAttemptKeepsTheOthersWaitingAndTheNextGoesOn() throws Exception {
        try (UnitOfWork failing = judge.begin()) {
            judged(failing, 1, "event");
        }
        try (UnitOfWork other = judge.begin();
                UnitOfWork again = judge.begin()) {
            assertThat(judged(other, 2, "event")).isInstanceOf(Verdict.Wait.class);
            assertThat(judged(again, 1, "event")).isInstanceOf(Verdict.Proceed.class);
        }
    }

    @Test
    void theLongerAnEventIsBusyTheLongerAreTheWaits() throws Exception {
        judged(judge.begin(), 1, "event");
        var waits = new ArrayList<Duration>();
        for (int i = 0; i < 8; i++) {
            waits.add(((Verdict.Wait) judged(judge.begin(), 2 + i % 2, "event")).delay());
        }
        assertThat(waits).extracting(Duration::toMillis).containsExactly(2L, 4L, 8L, 16L, 32L, 64L, 100L, 100L);
    }

    @Test
    void whatIsGivenUpLetsTheNextOfItsEventGoOn() throws Exception {
        for (boolean readable : new boolean[] {true, false}) {
            String id = "event " + readable;
            Event<String, String> event = Events.event(1, id, "v");
            try (UnitOfWork failing = judge.begin()) {
                failing.judge(Events.subject(event));
            }
            judge.giveUp(readable ? Events.subject(event) : Events.unreadable(1));
            try (UnitOfWork other = judge.begin()) {
                assertThat(judged(other, 2, id)).isInstanceOf(Verdict.Proceed.class);
            }
        }
    }

    /** Its thread does not end, so its attempt is not closed either. */
    @Test
    void whatIsGivenUpWhileItsHandlerStillRunsLetsTheNextOfItsEventGoOn() throws Exception {
        UnitOfWork stuck = judge.begin();
        judged(stuck, 1, "event");
        judge.giveUp(Events.subject(Events.event(1, "event", "v")));
        try (UnitOfWork other = judge.begin()) {
            assertThat(judged(other, 2, "event")).isInstanceOf(Verdict.Proceed.class);
            stuck.handled(Events.subject(Events.event(1, "event", "v")), List.of());
            stuck.commit();
            stuck.close();
            assertThat(judged(judge.begin(), 3, "event"))
                    .as("what it does late changes nothing")
                    .isInstanceOf(Verdict.Wait.class);
        }
    }

    @Test
    void ofABatchThatIsHandledWhatOthersKnewAsADuplicateIsNotComplete() throws Exception {
        try (UnitOfWork batch = judge.begin()) {
            for (int offset = 1; offset <= 3; offset++) {
                assertThat(judged(batch, offset, "event " + offset)).isInstanceOf(Verdict.Proceed.class);
            }
            batch.handled(Events.subject(Events.event(3, "event 3", "v")), List.of());
            batch.handled(Events.subject(Events.event(1, "event 1", "v")), List.of());
            batch.commit();
        }
        assertThat(judged(judge.begin(), 11, "event 1")).isEqualTo(Verdict.DUPLICATE);
        assertThat(judged(judge.begin(), 12, "event 2")).isInstanceOf(Verdict.Wait.class);
        assertThat(judged(judge.begin(), 13, "event 3")).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void ofABatchWithTwoRecordsOfAnEventTheSecondComesAgain() throws Exception {
        try (UnitOfWork batch = judge.begin()) {
            assertThat(judged(batch, 1, "event")).isInstanceOf(Verdict.Proceed.class);
            assertThat(judged(batch, 2, "event")).isInstanceOf(Verdict.Wait.class);
            batch.handled(Events.subject(Events.event(1, "event", "v")), List.of());
            batch.commit();
        }
        assertThat(judged(judge.begin(), 2, "event")).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void anotherPayloadIsRejectedWhereThatIsAskedFor() throws Exception {
        try (UnitOfWork first = strict.begin()) {
            first.judge(Events.subject(Events.event(1, "event", "ten euros")));
            first.handled(Events.subject(Events.event(1, "event", "ten euros")), List.of());
            first.commit();
        }
        try (UnitOfWork second = strict.begin()) {
            assertThat(second.judge(Events.subject(Events.event(2, "event", "ten euros"))))
                    .isEqualTo(Verdict.DUPLICATE);
            var other = Events.subject(Events.event(3, "event", "a thousand euros"));
            assertThatThrownBy(() -> second.judge(other))
                    .isInstanceOfSatisfying(
                            EventRejectedException.class,
                            rejected -> assertThat(rejected.failureClass()).isEqualTo(FailureClass.PAYLOAD_MISMATCH))
                    .hasMessageContaining("order-service/event at orders-2@3")
                    .hasMessageContaining("id of its own");
            // It becomes a letter, and what it was held against stays.
            strict.giveUp(other);
            assertThat(second.judge(Events.subject(Events.event(4, "event", "ten euros"))))
                    .isEqualTo(Verdict.DUPLICATE);
        }
        assertThat(judged(judge.begin(), 5, "event")).as("where it is not").isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void whatCannotBeIdentifiedCanBeGivenUp() {
        var rejecting = new Judge(
                claims,
                (event, topicId) -> {
                    throw new EventRejectedException(FailureClass.MISSING_ID, "no id");
                },
                TOPIC,
                false);
        var subject = Events.subject(Events.event(1, null, "v"));
        assertThatThrownBy(() -> rejecting.begin().judge(subject)).hasMessage("no id");
        rejecting.giveUp(subject);
        assertThat(claims.size()).isZero();
    }

    @Test
    void theIdentityIsAskedForWithTheTopicsId() throws Exception {
        var asking = new Judge(claims, (event, topicId) -> new EventId("topic", topicId.toString()), TOPIC, false);
        asking.begin().judge(Events.subject(Events.event(1, null, "v")));
        var sameIdentity = new Judge(claims, (event, topicId) -> new EventId("topic", TOPIC.toString()), TOPIC, false);
        assertThat(judged(sameIdentity.begin(), 2, "event")).isInstanceOf(Verdict.Wait.class);
    }

    private static Verdict judged(UnitOfWork unit, long offset, String id) throws Exception {
        return unit.judge(Events.subject(Events.event(offset, id, "v")));
    }
}
