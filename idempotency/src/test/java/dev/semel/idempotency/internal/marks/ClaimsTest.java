package dev.semel.idempotency.internal.marks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which of the records of one event is handled, while they are in flight and after. */
class ClaimsTest {

    private static final long NOW = 1_767_225_600_000L;

    private final Marks marks = new Marks(7 * 24 * 3_600_000L, true, Long.MAX_VALUE);
    private final Claims claims = new Claims(marks);
    private final MarkTransaction transaction = new MarkTransaction(claims, marks);

    @Test
    void theFirstRecordOfAnEventIsHandledAndTheOthersWaitForIt() {
        var first = claim("event", 1);
        assertThat(claims.claim(first)).isEqualTo(Ruling.GRANTED);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.BUSY);
        assertThat(claims.claim(claim("another", 3))).isEqualTo(Ruling.GRANTED);
        completes(first);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.DUPLICATE);
    }

    @Test
    void aRecordKeepsItsClaimOverItsAttempts() {
        var attempt = claim("event", 1);
        claims.claim(attempt);
        claims.stalls(attempt);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.BUSY);
        var next = claim("event", 1);
        assertThat(claims.claim(next)).isEqualTo(Ruling.GRANTED);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.BUSY);
        completes(next);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.DUPLICATE);
    }

    @Test
    void anAttemptThatWasGivenUpAndEndsLateCompletesNothing() {
        var late = claim("event", 1);
        claims.claim(late);
        var next = claim("event", 1);
        claims.claim(next);
        completes(late);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.BUSY);
        claims.stalls(late);
        claims.drop(1);
        assertThat(claims.claim(claim("event", 2)))
                .as("the late one is not what the record has")
                .isEqualTo(Ruling.BUSY);
    }

    @Test
    void anAttemptThatHandledOnlyItsNeighboursIsNotComplete() {
        var claim = claim("event", 1);
        claims.claim(claim);
        claim.complete();
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.BUSY);
    }

    @Test
    void whereARecordIsGivenUpTheNextOfItsEventIsHandled() {
        var lettered = claim("event", 1);
        claims.claim(lettered);
        claims.drop(1, Fingerprint.of("source", "event"));
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.GRANTED);
        // What was given up is told again, for example after an outage.
        claims.drop(1, Fingerprint.of("source", "event"));
        assertThat(claims.claim(claim("event", 3))).as("the second holds it").isEqualTo(Ruling.BUSY);
    }

    /** It could be read when it was attempted, and cannot any more. */
    @Test
    void aRecordThatIsGivenUpWithoutItsEventLosesItsClaimToo() {
        var lettered = claim("event", 1);
        claims.claim(lettered);
        claims.stalls(lettered);
        claims.drop(1);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.GRANTED);
        claims.drop(1);
        assertThat(claims.size()).isEqualTo(1);
    }

    @Test
    void aCommittedEventIsADuplicateAndItsClaimIsGone() {
        handledAndCommitted("event", 1, 2);
        assertThat(claims.size()).isZero();
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.DUPLICATE);
        assertThat(claims.claim(claim("event", 1))).as("set back").isEqualTo(Ruling.DUPLICATE);
        assertThat(claims.size()).isZero();
    }

    /** The broker has refused what the first one sent, and it was skipped. */
    @Test
    void aDuplicateOfAClaimIsOneForAsLongAsThatStands() {
        Claim first = handled("event", 1);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.DUPLICATE);
        transaction.sent(1, first);
        assertThat(claims.isStillDuplicate(2)).isTrue();
        transaction.confirmed(1, false, NOW);
        assertThat(claims.isStillDuplicate(2)).as("aborted, to be sent again").isTrue();
        transaction.sent(1, null);
        assertThat(claims.isStillDuplicate(2)).isFalse();

        Claim second = handled("event", 2);
        assertThat(claims.isStillDuplicate(2)).as("judged again").isTrue();
        assertThat(claims.claim(claim("event", 3))).isEqualTo(Ruling.DUPLICATE);
        transaction.sent(2, second);
        transaction.close(3, transaction.time(NOW), 0);
        transaction.confirmed(3, true, NOW);
        assertThat(claims.isStillDuplicate(3)).as("of a mark now").isTrue();
    }

    @Test
    void whereAnotherTookTheLostClaimOverAPayloadIsComparedWithItsOwn() {
        Claim first = new Claim(Fingerprint.of("source", "event"), 22, 1, NOW, false);
        claims.claim(first);
        completes(first);
        assertThat(claims.claim(new Claim(Fingerprint.of("source", "event"), 22, 3, NOW, false)))
                .isEqualTo(Ruling.DUPLICATE);
        claims.drop(first);
        Claim other = new Claim(Fingerprint.of("source", "event"), 33, 2, NOW, false);
        assertThat(claims.claim(other)).isEqualTo(Ruling.GRANTED);
        assertThat(claims.isStillDuplicate(3)).as("not complete yet").isFalse();
        completes(other);
        assertThat(claims.isStillDuplicate(3)).as("of another payload").isFalse();
    }

    @Test
    void aMarkOfAnAbortedTransactionIsNoneAndItsRecordsComeAgain() {
        var first = handled("first", 1);
        var second = handled("second", 2);
        transaction.sent(1, first);
        transaction.sent(2, second);
        transaction.close(3, transaction.time(NOW), 0);
        assertThat(transaction.confirmed(1, false, NOW)).isFalse();
        assertThat(marks.size()).as("nothing is remembered of it").isZero();
        assertThat(claims.claim(claim("first", 5))).as("kept, to be sent again").isEqualTo(Ruling.DUPLICATE);

        transaction.sent(1, first);
        transaction.close(2, transaction.time(NOW), 1);
        assertThat(transaction.confirmed(2, true, NOW)).isTrue();
        assertThat(marks.size()).isEqualTo(1);
        transaction.sent(2, second);
        transaction.close(3, transaction.time(NOW), 2);
        assertThat(transaction.confirmed(3, true, NOW)).isTrue();
        assertThat(marks.size()).isEqualTo(2);
        assertThat(claims.size()).isZero();
    }

    @Test
    void whatTheBrokerRefusedAfterItWasHandledHadNoEffect() {
        var refused = handled("event", 1);
        transaction.sent(1, refused);
        transaction.confirmed(1, false, NOW);
        // It has become a letter, which nobody asked the participants about.
        transaction.sent(1, null);
        assertThat(claims.claim(claim("event", 2))).isEqualTo(Ruling.GRANTED);
        transaction.close(2, transaction.time(NOW), Marks.NO_PACK);
        assertThat(transaction.confirmed(2, true, NOW)).isTrue();
        assertThat(marks.size()).isZero();
        assertThat(claims.claim(claim("event", 3))).as("the second holds it").isEqualTo(Ruling.BUSY);
    }

    @Test
    void whatOthersHaveCommittedCountsAsFarAsTheirOffset() {
        transaction.sent(1, handled("first", 1));
        transaction.sent(2, handled("second", 2));
        transaction.close(3, transaction.time(NOW), 0);
        assertThat(transaction.confirmed(2, false, NOW)).isFalse();
        assertThat(marks.size()).isEqualTo(1);
        assertThat(claims.claim(claim("first", 9))).isEqualTo(Ruling.DUPLICATE);
    }

    @Test
    void noClaimOutlivesItsRecord() {
        claims.claim(claim("lost", 1));
        handled("lost complete", 2);
        transaction.confirmed(3, false, NOW);
        assertThat(claims.claim(claim("lost", 5))).isEqualTo(Ruling.GRANTED);
        assertThat(claims.claim(claim("lost complete", 6))).isEqualTo(Ruling.GRANTED);
        assertThat(claims.claim(claim("lost", 7))).isEqualTo(Ruling.BUSY);
    }

    /** Its record was released before, as a letter: everything up to there is committed from the beginning. */
    @Test
    void theClaimOfARedeliveryIsOverOnlyWithItsOwnTransaction() {
        transaction.confirmed(10, true, NOW);
        var redelivered = new Claim(Fingerprint.of("source", "event"), PayloadHash.UNKNOWN, 3, NOW, true);
        assertThat(claims.claim(redelivered)).isEqualTo(Ruling.GRANTED);
        assertThat(claims.claim(claim("event", 11))).isEqualTo(Ruling.BUSY);
        completes(redelivered);
        assertThat(claims.claim(claim("event", 11))).isEqualTo(Ruling.DUPLICATE);
        transaction.sent(3, redelivered);
        transaction.close(10, transaction.time(NOW), 0);
        assertThat(transaction.confirmed(10, false, NOW)).as("aborted").isFalse();
        assertThat(marks.size()).isZero();
        assertThat(claims.claim(claim("event", 11)))
                .as("kept, to be sent again")
                .isEqualTo(Ruling.DUPLICATE);

        transaction.sent(3, redelivered);
        transaction.close(10, transaction.time(NOW), 0);
        assertThat(transaction.confirmed(10, true, NOW)).isTrue();
        assertThat(marks.size()).isEqualTo(1);
        assertThat(claims.size()).isZero();
    }

    @Test
    void anotherPayloadIsToldOnceTheEventHadItsEffect() {
        var first = new Claim(Fingerprint.of("source", "event"), 22, 1, NOW, false);
        var other = new Claim(Fingerprint.of("source", "event"), 33, 2, NOW, false);
        claims.claim(first);
        assertThat(claims.claim(other)).as("the first may fail yet").isEqualTo(Ruling.BUSY);
        completes(first);
        assertThat(claims.claim(other)).isEqualTo(Ruling.OTHER_PAYLOAD);
        transaction.sent(1, first);
        transaction.close(2, transaction.time(NOW), 0);
        transaction.confirmed(2, true, NOW);
        assertThat(claims.claim(other)).isEqualTo(Ruling.OTHER_PAYLOAD);
        assertThat(claims.claim(new Claim(first.event(), PayloadHash.UNKNOWN, 3, NOW, false)))
                .isEqualTo(Ruling.DUPLICATE);
    }

    @Test
    void itsTimeIsThatOfTheLatestRecordThatWasHandled() {
        assertThat(transaction.time(NOW)).isEqualTo(new MarkTime(NOW, 0));
        transaction.sent(1, new Claim(Fingerprint.of("source", "a"), 2, 1, NOW - 5, false));
        transaction.sent(2, new Claim(Fingerprint.of("source", "b"), 2, 2, NOW - 9, false));
        assertThat(transaction.time(NOW)).isEqualTo(new MarkTime(NOW, NOW - 5));
    }

    /** Whatever the moment: while it is in flight, when it becomes a mark, after. */
    @Test
    void ofManyThreadsThatClaimOneEventOneIsGranted() throws Exception {
        int threads = 4;
        int rounds = 3_000;
        var executor = Executors.newFixedThreadPool(threads);
        var barrier = new CyclicBarrier(threads);
        var granted = new AtomicInteger();
        try {
            List<Callable<Integer>> lanes = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int lane = thread;
                lanes.add(() -> {
                    int mine = 0;
                    for (int round = 0; round < rounds; round++) {
                        var claim = claim("event " + round, round * threads + lane);
                        barrier.await(30, TimeUnit.SECONDS);
                        Ruling ruling = claims.claim(claim);
                        while (ruling == Ruling.BUSY) {
                            Thread.onSpinWait();
                            ruling = claims.claim(claim);
                        }
                        if (ruling == Ruling.GRANTED) {
                            mine++;
                            granted.incrementAndGet();
                            completes(claim);
                            // As the poll thread does, which is this one here: there is one that is granted at a time.
                            synchronized (transaction) {
                                transaction.sent(round * threads + lane, claim);
                                transaction.close(round * threads + lane + 1, transaction.time(NOW), round);
                                transaction.confirmed(round * threads + lane + 1, true, NOW);
                            }
                        }
                    }
                    return mine;
                });
            }
            for (Future<Integer> lane : executor.invokeAll(lanes)) {
                lane.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(granted).hasValue(rounds);
        assertThat(marks.size()).isEqualTo(rounds);
        assertThat(claims.size()).isZero();
    }

    private void handledAndCommitted(String event, long offset, long committed) {
        transaction.sent(offset, handled(event, offset));
        transaction.close(committed, transaction.time(NOW), 0);
        transaction.confirmed(committed, true, NOW);
    }

    private Claim handled(String event, long offset) {
        var claim = claim(event, offset);
        assertThat(claims.claim(claim)).isEqualTo(Ruling.GRANTED);
        completes(claim);
        return claim;
    }

    private static void completes(Claim claim) {
        claim.handled();
        claim.complete();
    }

    private static Claim claim(String event, long offset) {
        return new Claim(Fingerprint.of("source", event), PayloadHash.UNKNOWN, offset, NOW, false);
    }
}
