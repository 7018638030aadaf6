package dev.semel.core;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the handler does with a record, which follows from the seed and the record's number, whoever handles it and how often. */
final class RandomWork {

    private static final int PER_MILLE = 1_000;
    private static final int MILLION = 1_000_000;

    /** How long a handler takes that nobody interrupts: longer than any deadline, and than the time for a drain. */
    private static final Duration FAR_TOO_LONG = Duration.ofSeconds(30);

    private final long seed;
    private final Processing processing;
    private final int slowPerMillion;
    private final AtomicBoolean errorIsDue = new AtomicBoolean();

    /** @param slowPerMillion how many records of a million outrun the deadline each time, and so many more the first time */
    RandomWork(long seed, Processing processing, int slowPerMillion) {
        this.seed = seed;
        this.processing = processing;
        this.slowPerMillion = slowPerMillion;
    }

    /** What the filter says. */
    boolean accepts(Event<String, String> event) {
        return !isFiltered(Integer.parseInt(event.value()));
    }

    /** The next record that is handled, by whichever member, ends that one. */
    void throwAnErrorOnce() {
        errorIsDue.set(true);
    }

    void handle(Event<String, String> event, EventContext context) throws Exception {
        int number = Integer.parseInt(event.value());
        if (isFiltered(number)) {
            throw new StackOverflowError("handled although it was filtered out");
        }
        if (errorIsDue.compareAndSet(true, false)) {
            throw new StackOverflowError("thrown by the test");
        }
        for (int output = 0; output < outputs(number); output++) {
            context.send(processing.output, event.key(), number + "/" + output);
        }
        if (is(number, 2, 5)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (isSlow(number) || isSlowAtFirst(number) && context.attempt() == 1) {
            outrunTheDeadline(number);
        }
        if (isPoison(number)) {
            throw new IllegalStateException("poison");
        }
        if (is(number, 3, 20) && context.attempt() == 1) {
            throw new IllegalStateException("not yet");
        }
        if (is(number, 4, 1)) {
            context.send(processing.kafka.name("missing"), event.key(), event.value());
        }
    }

    /** Half of them end well after the interrupt, which comes too late. */
    private void outrunTheDeadline(int number) throws InterruptedException {
        try {
            TimeUnit.NANOSECONDS.sleep(FAR_TOO_LONG.toNanos());
        } catch (InterruptedException e) {
            if (is(number, 9, 500)) {
                throw e;
            }
        }
    }

    private boolean isFiltered(int number) {
        return is(number, 7, 15);
    }

    private boolean isSlow(int number) {
        return chance(number, 8, MILLION) < slowPerMillion;
    }

    /** Goes on to succeed, or to fail in another way. */
    private boolean isSlowAtFirst(int number) {
        return chance(number, 10, MILLION) < slowPerMillion;
    }

    /** By the handler's exception, or by an output that Kafka does not take. */
    private boolean isPoison(int number) {
        return is(number, 1, 8);
    }

    private boolean isLettered(int number) {
        return !isFiltered(number) && (isPoison(number) || is(number, 4, 1) || isSlow(number));
    }

    private int outputs(int number) {
        return isFiltered(number) || is(number, 5, 20) ? 0 : is(number, 6, 50) ? 2 : 1;
    }

    /** A letter is one answer, whatever the outputs would have been. */
    int outputsDue(ConsumerRecord<byte[], byte[]> input) {
        int number = number(input);
        return isLettered(number) ? 1 : outputs(number);
    }

    boolean isSkipped(ConsumerRecord<byte[], byte[]> input) {
        int number = number(input);
        return !isLettered(number) && outputs(number) == 0;
    }

    int letteredAmong(int records) {
        return (int) IntStream.range(0, records).filter(this::isLettered).count();
    }

    /** The values of the records that become letters because they outrun their deadline, whatever else is wrong with them. */
    Set<String> timeoutsAmong(int records) {
        return IntStream.range(0, records)
                .filter(number -> isLettered(number) && isSlow(number))
                .mapToObj(Integer::toString)
                .collect(Collectors.toSet());
    }

    private static int number(ConsumerRecord<byte[], byte[]> input) {
        return Integer.parseInt(Processing.value(input));
    }

    /** Whether chance says so for this record: independent for each kind. */
    private boolean is(int number, int kind, int perMille) {
        return chance(number, kind, PER_MILLE) < perMille;
    }

    private int chance(int number, int kind, int outOf) {
        return new SplittableRandom(seed * 31 + number * 7L + kind * 1_000_003L).nextInt(outOf);
    }
}
