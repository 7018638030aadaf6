package dev.semel.idempotency.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.WaitException;
import dev.semel.idempotency.LogLines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** An effect under a lease: done once, and told again as often as it is asked for. */
@ParameterizedClass
@EnumSource
class OnceTest {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration LONGER = LEASE.plusSeconds(1);
    private static final byte[] OUTCOME = "receipt".getBytes(UTF_8);

    @Parameter
    private LeasePlace place;

    private LeasePlace.Opened opened;
    private Leases one;
    private Leases other;
    private final List<LeaseToken> effects = new ArrayList<>();

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

    private byte[] effect(String key, LeaseToken token) {
        assertThat(token.key()).isEqualTo(key);
        effects.add(token);
        return OUTCOME;
    }

    @Test
    void aDuplicateGetsTheOutcomeAndNoEffect() throws Exception {
        assertThat(one.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
        opened.pass(LONGER);
        assertThat(other.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
        assertThat(effects).hasSize(1);
    }

    @Test
    void anOutcomeMayBeEmptyOrMissing() throws Exception {
        for (Leases leases : List.of(one, other)) {
            assertThat(leases.once("none", LEASE, (key, token) -> {
                        effect(key, token);
                        return null;
                    }))
                    .isNull();
            assertThat(leases.once("empty", LEASE, (key, token) -> {
                        effect(key, token);
                        return new byte[0];
                    }))
                    .isEmpty();
        }
        assertThat(effects).hasSize(2);
    }

    @Test
    void anEffectThatFailsLeavesTheLeaseToTheNextAttempt() throws Exception {
        for (Throwable failure : List.of(new IOException("503"), new AssertionError("a bug"))) {
            assertThatThrownBy(() -> one.once("key", LEASE, (key, token) -> {
                        effect(key, token);
                        if (failure instanceof Error error) {
                            throw error;
                        }
                        throw (Exception) failure;
                    }))
                    .isSameAs(failure)
                    .hasNoSuppressedExceptions();
        }
        assertThat(other.once("key", LEASE, this::effect)).isEqualTo(OUTCOME);
        assertThat(effects).hasSize(3);
        assertThat(effects).extracting(LeaseToken::fence).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void whileAnotherHasItTheRecordWaits() throws Exception {
        var result = (LeaseResult.Acquired) other.acquire("key", LEASE);
        assertThatThrownBy(() -> one.once("key", LEASE, this::effect))
                .isInstanceOfSatisfying(
                        WaitException.class,
                        wait -> assertThat(wait.delay())
                                .as("it may be done long before the lease ends")
                                .isBetween(Duration.ofMillis(1), Duration.ofSeconds(1)))
                .hasMessageContaining("'key' is in hand elsewhere")
                .hasNoCause();
        other.complete(result.token(), new byte[] {1});
        assertThat(one.once("key", LEASE, this::effect)).containsExactly(1);
        assertThat(effects).isEmpty();
    }

    /** As one that was paused for longer than its lease finds it when it comes back. */
    @Test
    void aLeaseThatIsLostDuringTheEffectIsTold() throws Exception {
        assertThatThrownBy(() -> one.once("key", LEASE, (key, token) -> {
                    opened.pass(LONGER);
                    assertThat(other.once(key, LEASE, (sameKey, successor) -> new byte[] {2}))
                            .containsExactly(2);
                    return OUTCOME;
                }))
                .isInstanceOf(LeaseLostException.class);
        assertThat(one.once("key", LEASE, this::effect)).containsExactly(2);
    }

    @Test
    void aFailureOfTheEffectIsToldBeforeTheLossOfItsLease() {
        var failure = new IOException("reset");
        assertThat(catchThrowable(() -> one.once("key", LEASE, (key, token) -> {
                    opened.pass(LONGER);
                    other.acquire(key, LEASE);
                    throw failure;
                })))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(LeaseLostException.class);
    }

    @Test
    void aLongEffectKeepsItsLease() throws Exception {
        Duration lease = Duration.ofSeconds(2);
        assertThat(one.once("key", lease, (key, token) -> {
                    for (int i = 0; i < 3; i++) {
                        opened.pass(Duration.ofSeconds(1));
                        await().atMost(Duration.ofSeconds(10)).until(() -> remaining(key) > 1_300);
                    }
                    return OUTCOME;
                }))
                .isEqualTo(OUTCOME);
    }

    private long remaining(String key) {
        return ((LeaseResult.InProgress) other.acquire(key, LEASE)).remaining().toMillis();
    }

    @Test
    void aRenewalThatIsRefusedIsTheLast() throws Exception {
        Duration lease = Duration.ofMillis(300);
        try (var log = LogLines.of(Once.class.getName(), Level.WARN)) {
            assertThatThrownBy(() -> one.once("key", lease, (key, token) -> {
                        opened.pass(lease);
                        var successor = (LeaseResult.Acquired) other.acquire(key, LEASE);
                        await().until(() -> !log.lines().isEmpty());
                        other.release(successor.token());
                        return OUTCOME;
                    }))
                    .isInstanceOf(LeaseLostException.class);
            assertThat(log.lines()).singleElement().asString().contains("was lost while its effect runs", "taken over");
        }
    }

    @Test
    void oneKeyStandsForOnePayload() throws Exception {
        byte[] ten = {10};
        assertThat(one.once("key", ten, LEASE, this::effect)).isEqualTo(OUTCOME);
        assertThat(other.once("key", ten, LEASE, this::effect)).isEqualTo(OUTCOME);
        assertThatThrownBy(() -> other.once("key", new byte[] {11}, LEASE, this::effect))
                .isInstanceOfSatisfying(
                        EventRejectedException.class,
                        rejected -> assertThat(rejected.failureClass()).isEqualTo(FailureClass.PAYLOAD_MISMATCH));
        assertThat(effects).hasSize(1);
    }

    @Test
    void whatIsClosedBeginsNothing() {
        one.close();
        assertThatThrownBy(() -> one.once("key", LEASE, this::effect))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(effects).isEmpty();
    }
}
