package dev.semel.idempotency.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has a lease, and who has it no more: the same wherever leases are kept. */
@ParameterizedClass
@EnumSource
class LeaseContractTest {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration LONGER = LEASE.plusSeconds(1);
    private static final byte[] OUTCOME = "receipt".getBytes(UTF_8);

    @Parameter
    private LeasePlace place;

    private LeasePlace.Opened opened;
    private Leases one;
    private Leases other;

    @BeforeEach
    void open() throws Exception {
        opened = place.open();
        one = opened.one();
        other = opened.other();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private static LeaseToken acquired(LeaseResult result) {
        assertThat(result).isInstanceOf(LeaseResult.Acquired.class);
        return ((LeaseResult.Acquired) result).token();
    }

    private static byte[] outcome(LeaseResult result) {
        assertThat(result).isInstanceOf(LeaseResult.Completed.class);
        return ((LeaseResult.Completed) result).outcome();
    }

    @Test
    void whileOneHasItOthersAreToldForHowLong() {
        LeaseToken token = acquired(one.acquire("key", LEASE));
        assertThat(token.key()).isEqualTo("key");
        opened.pass(Duration.ofSeconds(20));
        assertThat(other.acquire("key", LEASE))
                .isInstanceOfSatisfying(
                        LeaseResult.InProgress.class,
                        progress -> assertThat(progress.remaining())
                                .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40)));
        assertThat(other.acquire("another", LEASE)).isInstanceOf(LeaseResult.Acquired.class);
    }

    @Test
    void whatIsDoneStaysDoneWithItsOutcome() {
        one.complete(acquired(one.acquire("key", LEASE)), OUTCOME);
        opened.pass(LONGER);
        assertThat(outcome(other.acquire("key", LEASE))).isEqualTo(OUTCOME);
    }

    @Test
    void anOutcomeMayBeEmptyOrMissing() {
        one.complete(acquired(one.acquire("none", LEASE)), null);
        one.complete(acquired(one.acquire("empty", LEASE)), new byte[0]);
        assertThat(outcome(other.acquire("none", LEASE))).isNull();
        assertThat(outcome(other.acquire("empty", LEASE))).isEmpty();
    }

    @Test
    void anOutcomeIsNotChangedThroughWhoeverKnowsIt() {
        byte[] outcome = OUTCOME.clone();
        one.complete(acquired(one.acquire("key", LEASE)), outcome);
        outcome[0] = 'x';
        outcome(one.acquire("key", LEASE))[1] = 'x';
        assertThat(outcome(one.acquire("key", LEASE))).isEqualTo(OUTCOME);
    }

    /** A holder that was asleep for longer than its lease comes back, and its successor is at work or has done it. */
    @Test
    void whoWasOvertakenIsRefused() {
        LeaseToken overtaken = acquired(one.acquire("key", LEASE));
        opened.pass(LONGER);
        LeaseToken successor = acquired(other.acquire("key", LEASE));
        assertThat(successor.fence()).isGreaterThan(overtaken.fence());

        assertIsRefused(overtaken, "taken over");
        other.renew(successor, LEASE);
        other.complete(successor, OUTCOME);
        assertIsRefused(overtaken, "taken over");
        assertThat(outcome(one.acquire("key", LEASE))).isEqualTo(OUTCOME);
    }

    private void assertIsRefused(LeaseToken token, String why) {
        for (Runnable attempt : List.<Runnable>of(
                () -> one.complete(token, new byte[] {1}), () -> one.release(token), () -> one.renew(token, LEASE))) {
            assertThatThrownBy(attempt::run)
                    .isInstanceOfSatisfying(
                            LeaseLostException.class,
                            refused -> assertThat(refused.token()).isEqualTo(token))
                    .hasMessageContaining("key")
                    .hasMessageContaining(why);
        }
    }

    @Test
    void aLeaseThatHasEndedIsItsHoldersUntilSomebodyTakesItOver() {
        LeaseToken renewed = acquired(one.acquire("renewed", LEASE));
        LeaseToken completed = acquired(one.acquire("completed", LEASE));
        LeaseToken released = acquired(one.acquire("released", LEASE));
        opened.pass(LONGER);
        one.renew(renewed, LEASE);
        one.complete(completed, OUTCOME);
        one.release(released);
        assertThat(other.acquire("renewed", LEASE)).isInstanceOf(LeaseResult.InProgress.class);
        assertThat(outcome(other.acquire("completed", LEASE))).isEqualTo(OUTCOME);
        assertThat(other.acquire("released", LEASE)).isInstanceOf(LeaseResult.Acquired.class);
    }

    @Test
    void aRenewalCountsFromNow() {
        LeaseToken token = acquired(one.acquire("key", LEASE));
        opened.pass(Duration.ofSeconds(50));
        one.renew(token, LEASE);
        opened.pass(Duration.ofSeconds(50));
        assertThat(other.acquire("key", LEASE)).isInstanceOf(LeaseResult.InProgress.class);
        opened.pass(Duration.ofSeconds(10));
        acquired(other.acquire("key", LEASE));
    }

    @Test
    void whatIsReleasedIsTakenAtOnceWithAGreaterFence() {
        LeaseToken first = acquired(one.acquire("key", LEASE));
        one.release(first);
        one.release(first);
        LeaseToken second = acquired(other.acquire("key", LEASE));
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertIsRefused(first, "taken over");
        assertThat(one.acquire("key", LEASE)).isInstanceOf(LeaseResult.InProgress.class);
    }

    @Test
    void whoHasReleasedItHasItNoMore() {
        LeaseToken token = acquired(one.acquire("key", LEASE));
        one.release(token);
        assertThatThrownBy(() -> one.complete(token, OUTCOME)).hasMessageContaining("released");
        assertThatThrownBy(() -> one.renew(token, LEASE)).hasMessageContaining("released");
    }

    /** The answer to the first time may have been lost. */
    @Test
    void completingAgainChangesNothing() {
        LeaseToken token = acquired(one.acquire("key", LEASE));
        one.complete(token, OUTCOME);
        one.complete(token, new byte[0]);
        one.release(token);
        assertThatThrownBy(() -> one.renew(token, LEASE)).hasMessageContaining("completed");
        assertThat(outcome(other.acquire("key", LEASE))).isEqualTo(OUTCOME);
    }

    @Test
    void aTokenOfNothingIsRefused() {
        assertIsRefused(new LeaseToken("no such key", 1), "nothing is known");
    }

    @Test
    void oneKeyStandsForOnePayload() {
        byte[] ten = {10};
        byte[] eleven = {11};
        LeaseToken token = acquired(one.acquire("key", ten, LEASE));
        assertThat(other.acquire("key", eleven, LEASE)).isInstanceOf(LeaseResult.PayloadMismatch.class);
        assertThat(other.acquire("key", ten, LEASE)).isInstanceOf(LeaseResult.InProgress.class);
        assertThat(other.acquire("key", LEASE)).isInstanceOf(LeaseResult.InProgress.class);
        one.release(token);
        assertThat(other.acquire("key", eleven, LEASE)).isInstanceOf(LeaseResult.PayloadMismatch.class);
        one.complete(acquired(one.acquire("key", LEASE)), OUTCOME);
        assertThat(other.acquire("key", eleven, LEASE)).isInstanceOf(LeaseResult.PayloadMismatch.class);
        assertThat(outcome(other.acquire("key", ten, LEASE))).isEqualTo(OUTCOME);
    }

    @Test
    void keysMayBeLongAndHoldAnyCharacter() {
        String large = "k".repeat(10 * 1024);
        for (String key :
                List.of(large, large + "x", "zero \0", "half a pair \ud83d", "half a pair \ud83e", "é", "É")) {
            LeaseToken token = acquired(one.acquire(key, LEASE));
            assertThat(token.toString()).hasSizeLessThan(200);
            one.complete(token, key.getBytes(UTF_8));
        }
        assertThat(outcome(other.acquire(large, LEASE))).isEqualTo(large.getBytes(UTF_8));
    }

    @Test
    void ofTwoThatRaceForAKeyOneWins() throws Exception {
        var both = Executors.newFixedThreadPool(2);
        try {
            var start = new CyclicBarrier(2);
            for (int round = 0; round < 50; round++) {
                String key = "key " + round;
                if (round % 2 == 1) {
                    // There is a row to fight for.
                    one.release(acquired(one.acquire(key, LEASE)));
                }
                List<Callable<LeaseResult>> racers = List.of(race(one, key, start), race(other, key, start));
                List<Class<?>> results = new ArrayList<>();
                for (var racer : both.invokeAll(racers, 30, TimeUnit.SECONDS)) {
                    results.add(racer.get().getClass());
                }
                assertThat(results).containsExactlyInAnyOrder(LeaseResult.Acquired.class, LeaseResult.InProgress.class);
            }
        } finally {
            both.shutdownNow();
        }
    }

    private static Callable<LeaseResult> race(Leases leases, String key, CyclicBarrier start) {
        return () -> {
            start.await(10, TimeUnit.SECONDS);
            return leases.acquire(key, LEASE);
        };
    }

    @Test
    void keysAndDurationsAreChecked() {
        assertThatThrownBy(() -> one.acquire("", LEASE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key");
        for (Duration wrong :
                List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(99), Duration.ofDays(2))) {
            assertThatThrownBy(() -> one.acquire("key", wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.toString())
                    .hasMessageContaining("100 ms");
        }
    }
}
