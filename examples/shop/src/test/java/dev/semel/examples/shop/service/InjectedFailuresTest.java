package dev.semel.examples.shop.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.event.EventId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InjectedFailuresTest {

    private static final List<EventId> EVENTS = IntStream.range(0, 10_000)
            .mapToObj(i -> new EventId("test", "event-" + i))
            .toList();

    @Test
    void aFewPerCentFailAndSomeOfThemForGood() {
        var failures = InjectedFailures.seeded(1);

        assertThat(EVENTS.stream().filter(event -> fails(failures, event, 1)).count())
                .isBetween(200L, 400L);
        assertThat(EVENTS.stream().filter(failures::isFatal).count()).isBetween(50L, 150L);
    }

    @Test
    void whatIsNotFatalSucceedsAtTheLastAttempt() {
        var failures = InjectedFailures.seeded(1);

        assertThat(EVENTS)
                .allSatisfy(event -> assertThat(fails(failures, event, InjectedFailures.ATTEMPTS))
                        .isEqualTo(failures.isFatal(event)));
    }

    @Test
    void theSeedDecides() {
        assertThat(fatal(InjectedFailures.seeded(1)))
                .isEqualTo(fatal(
                        InjectedFailures.ofArgument(InjectedFailures.seeded(1).toArgument())))
                .isNotEqualTo(fatal(InjectedFailures.seeded(2)));
    }

    @Test
    void whenTheFaultIsFixedNothingFailsAndItIsStillKnownWhatWouldHave() {
        var failures = InjectedFailures.seeded(1);
        InjectedFailures rare = failures.rarelyForGood();
        List<EventId> fatal = fatal(failures);

        failures.fix();

        assertThat(EVENTS).noneMatch(event -> fails(failures, event, 1)).noneMatch(event -> fails(rare, event, 1));
        assertThat(fatal(failures)).isEqualTo(fatal).isNotEmpty();
    }

    @Test
    void rarelyForGoodIsAboutOneInAThousandAndStillFailsForAWhile() {
        var failures = InjectedFailures.seeded(1).rarelyForGood();

        assertThat(fatal(failures)).hasSizeBetween(3, 30);
        assertThat(EVENTS.stream().filter(event -> fails(failures, event, 1)).count())
                .isBetween(100L, 300L);
        assertThat(EVENTS).noneMatch(event -> fails(InjectedFailures.none().rarelyForGood(), event, 1));
    }

    @Test
    void noneMeansNone() {
        var failures = InjectedFailures.ofArgument(InjectedFailures.none().toArgument());

        assertThat(EVENTS).noneMatch(event -> fails(failures, event, 1));
    }

    private static List<EventId> fatal(InjectedFailures failures) {
        return EVENTS.stream().filter(failures::isFatal).toList();
    }

    private static boolean fails(InjectedFailures failures, EventId event, int attempt) {
        try {
            failures.strike(event, attempt);
            return false;
        } catch (InjectedFailure e) {
            return true;
        }
    }
}
