package dev.semel.core;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the handler does with a record, which follows from the seed and the record's number, whoever handles it and how often. */
final class RandomWork {

    private static final int PER_MILLE = 1_000;

    private final long seed;
    private final Processing processing;
    private final AtomicBoolean errorIsDue = new AtomicBoolean();

    RandomWork(long seed, Processing processing) {
        this.seed = seed;
        this.processing = processing;
    }

    /** The next record that is handled, by whichever member, ends that one. */
    void throwAnErrorOnce() {
        errorIsDue.set(true);
    }

    void handle(Event<String, String> event, EventContext context) throws Exception {
        int number = Integer.parseInt(event.value());
        if (errorIsDue.compareAndSet(true, false)) {
            throw new StackOverflowError("thrown by the test");
        }
        for (int output = 0; output < outputs(number); output++) {
            context.send(processing.output, event.key(), number + "/" + output);
        }
        if (is(number, 2, 5)) {
            TimeUnit.MILLISECONDS.sleep(20);
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

    /** By the handler's exception, or by an output that Kafka does not take. */
    private boolean isPoison(int number) {
        return is(number, 1, 8);
    }

    private boolean isLettered(int number) {
        return isPoison(number) || is(number, 4, 1);
    }

    private int outputs(int number) {
        return is(number, 5, 20) ? 0 : is(number, 6, 50) ? 2 : 1;
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

    int poisonAmong(int records) {
        return (int) IntStream.range(0, records).filter(this::isLettered).count();
    }

    private static int number(ConsumerRecord<byte[], byte[]> input) {
        return Integer.parseInt(Processing.value(input));
    }

    /** Whether chance says so for this record: independent for each kind. */
    private boolean is(int number, int kind, int perMille) {
        return new SplittableRandom(seed * 31 + number * 7L + kind * 1_000_003L).nextInt(PER_MILLE) < perMille;
    }
}
