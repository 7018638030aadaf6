package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventHandler;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailureDecision;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.core.internal.commit.ClientErrors;
import dev.semel.core.internal.release.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one attempt at one record: reads it as an event, runs the handler, and has a failure decided on. Each attempt ends in an
 * outcome for the record's slot, in a wish to try again, or in the processor's stop.
 *
 * <p>Threading: called by lanes, several at once.
 */
public final class Handling<K extends @Nullable Object, V extends @Nullable Object> implements Attempts {

    private static final Logger log = LoggerFactory.getLogger(Handling.class);

    private static final Duration OUTAGE_DELAY = Duration.ofSeconds(1);

    private final EventSerde<K, V> serde;
    private final EventAttributes<V> attributes;
    private final EventHandler<K, V> handler;
    private final Outputs outputs;
    private final FailurePolicy policy;
    private final @Nullable Letters letters;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Stop stop;

    private volatile boolean stopping;
    private volatile boolean abandoned;

    /**
     * @param letters writes dead letters; null where the policy has no topic for them
     */
    public Handling(
            EventSerde<K, V> serde,
            EventAttributes<V> attributes,
            EventHandler<K, V> handler,
            Outputs outputs,
            FailurePolicy policy,
            @Nullable Letters letters,
            InstantSource clock,
            LongSupplier nanoTime,
            Stop stop) {
        this.serde = serde;
        this.attributes = attributes;
        this.handler = handler;
        this.outputs = outputs;
        this.policy = policy;
        this.letters = letters;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.stop = stop;
    }

    @Override
    public Optional<Duration> attempt(Delivery delivery) {
        if (stopping || !isWanted(delivery)) {
            return Optional.empty();
        }
        try {
            @Nullable Failure lettered = delivery.lettered();
            if (lettered != null) {
                return deadLetter(delivery, lettered);
            }
            delivery.attemptStarts(nanoTime.getAsLong());
            return handle(delivery);
        } catch (Throwable e) {
            // An Error, or a policy, redactor or letter topic that does not work: nothing here can decide about it.
            return stop(e);
        }
    }

    private Optional<Duration> handle(Delivery delivery) {
        ConsumerRecord<byte[], byte[]> record = delivery.record();
        @Nullable Attempt attempt = null;
        try {
            Event<K, V> event = read(record);
            attempt = new Attempt(event, record.timestamp(), delivery.attempt(), outputs);
            handler.handle(event, attempt);
            attempt.end();
            if (!abandoned) {
                delivery.slot().complete(new Outcome.Handled(attempt.outputs()));
            }
            return Optional.empty();
        } catch (Exception e) {
            if (attempt != null) {
                attempt.end();
            }
            if (!isWanted(delivery)) {
                // Given up meanwhile, and perhaps interrupted for it: says nothing about the record.
                return Optional.empty();
            }
            if (attempt != null && attempt.wasCutOff()) {
                delivery.attemptDoesNotCount();
                return later(delivery, e);
            }
            return decide(delivery, attempt == null ? e : attempt.tellingOf(e));
        }
    }

    private static Optional<Duration> later(Delivery delivery, Exception cause) {
        log.warn("{} waits for the cluster: {}", delivery.position(), cause.toString(), cause);
        return Optional.of(OUTAGE_DELAY);
    }

    /** Stops the processor. What comes behind on the lanes must not run as if nothing had happened before it. */
    private Optional<Duration> stop(Throwable cause) {
        stopping = true;
        stop.because(cause);
        return Optional.empty();
    }

    private Event<K, V> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return attributes.read(withHeadersOfItsOwn(record), serde);
        } catch (UnreadableEventException e) {
            throw e;
        } catch (Exception e) {
            throw new UnreadableEventException(
                    FailureClass.DESERIALIZATION_FAILED, Fingerprint.place(e), "the serde failed: " + e, e);
        }
    }

    /** Deserializers and handlers may change headers; the next attempt and the letter need them as they came. */
    private static ConsumerRecord<byte[], byte[]> withHeadersOfItsOwn(ConsumerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()),
                record.leaderEpoch());
    }

    private Optional<Duration> decide(Delivery delivery, Exception exception) {
        Failure failure = failure(delivery, exception);
        FailureDecision decision = policy.decide(failure);
        if (decision instanceof FailureDecision.Retry retry) {
            log.debug("{} will be tried again after {}", failure, retry.delay(), exception);
            return Optional.of(retry.delay());
        }
        if (decision instanceof FailureDecision.Letter) {
            return deadLetter(delivery, failure);
        }
        throw stopped(failure);
    }

    private static ProcessorFailedException stopped(Failure failure) {
        return new ProcessorFailedException(
                failure + ", and the failure policy says stop: " + failure.exception(), failure.exception());
    }

    private Optional<Duration> deadLetter(Delivery delivery, Failure failure) {
        if (letters == null) {
            throw new ProcessorFailedException(
                    failure + " and is to be a dead letter, but the failure policy names no dead-letter topic",
                    failure.exception());
        }
        delivery.becomesLetter(failure);
        try {
            delivery.slot().complete(new Outcome.Lettered(failure, letters.letter(failure)));
            log.warn(
                    "{}, and is a dead letter: {}", failure, failure.exception().toString());
            return Optional.empty();
        } catch (ClusterUnavailableException e) {
            return later(delivery, e);
        } catch (OutputRejectedException e) {
            throw new ProcessorFailedException(
                    "the letter of " + failure.position() + " cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * What was decided could not be sent. Where only the cluster was away, it is sent again. What the broker refuses, no retry of
     * the handler could change: the record becomes a letter, unless the policy says stop. A letter that is refused is written
     * again without the record's bytes, and one that is refused even so goes nowhere.
     */
    @Override
    public Optional<Duration> refused(Refusal refusal) {
        Delivery delivery = refusal.delivery();
        if (!isWanted(delivery)) {
            return Optional.empty();
        }
        try {
            Exception cause = refusal.cause();
            if (ClientErrors.mayBeRecordsOwn(cause)) {
                @Nullable OutputRejectedException gone = lookForCause(refusal.outcome());
                if (gone == null) {
                    delivery.slot().complete(refusal.outcome());
                    return Optional.empty();
                }
                cause = gone;
            }
            return refusal.outcome() instanceof Outcome.Lettered lettered
                    ? shorten(delivery, lettered, cause)
                    : decideRefused(delivery, cause);
        } catch (ClusterUnavailableException e) {
            return later(delivery, e);
        } catch (Throwable e) {
            return stop(e);
        }
    }

    /** Asks the topics of the outputs whether they are the cause; null where they would take them now. */
    private @Nullable OutputRejectedException lookForCause(Outcome outcome) {
        try {
            outcome.outputs().forEach(outputs::checkAgain);
            return null;
        } catch (OutputRejectedException e) {
            return e;
        }
    }

    private Optional<Duration> decideRefused(Delivery delivery, Exception cause) {
        Failure failure = failure(
                delivery,
                cause instanceof OutputRejectedException
                        ? cause
                        : new OutputRejectedException("the broker refused an output: " + cause.getMessage(), cause));
        if (policy.decide(failure) instanceof FailureDecision.Stop) {
            throw stopped(failure);
        }
        return deadLetter(delivery, failure);
    }

    private Optional<Duration> shorten(Delivery delivery, Outcome.Lettered lettered, Exception cause) {
        var shortened = Objects.requireNonNull(letters, "letters").withoutBytes(lettered.failure());
        if (lettered.letter().headers().lastHeader(DeadLetter.BYTES_OMITTED) != null
                || cause instanceof OutputRejectedException) {
            throw new ProcessorFailedException(
                    "the letter of " + lettered.failure().position() + " is refused: " + cause.getMessage(), cause);
        }
        delivery.slot().complete(new Outcome.Lettered(lettered.failure(), shortened));
        return Optional.empty();
    }

    /**
     * Lets no further attempt count: the processor ends, and handlers are interrupted for it. What they throw then says nothing
     * about their records. Called by any thread.
     */
    public void abandon() {
        abandoned = true;
    }

    private boolean isWanted(Delivery delivery) {
        return !abandoned && delivery.slot().isWanted();
    }

    private Failure failure(Delivery delivery, Exception exception) {
        return new Failure(
                failureClass(exception),
                exception,
                delivery.record(),
                delivery.attempt(),
                delivery.failedFirst(clock.instant()),
                Duration.ofNanos(delivery.elapsedNanos(nanoTime.getAsLong())));
    }

    private static FailureClass failureClass(Exception exception) {
        if (exception instanceof UnreadableEventException unreadable) {
            return unreadable.failureClass();
        }
        return exception instanceof OutputRejectedException
                ? FailureClass.OUTPUT_REJECTED
                : FailureClass.HANDLER_EXCEPTION;
    }
}
