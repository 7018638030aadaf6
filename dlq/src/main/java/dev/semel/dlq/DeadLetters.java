package dev.semel.dlq;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.ParticipantMetric;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.NamedLetters;
import dev.semel.dlq.internal.keep.KeptLetters;
import dev.semel.dlq.internal.keep.KeptSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the letters of a processor's group until they are handled, and what waits behind them: a participant, for {@code
 * EventProcessor.builder().participant(...)}.
 *
 * <pre>{@code
 * var letters = DeadLetters.builder().build();
 * var processor = EventProcessor.<String, OrderEvent>builder()
 *         ...
 *         .onFailure(RetryPolicy.exponential(...).thenDeadLetter("shop.orders.inventory.dlq"))
 *         .participant(letters)
 *         .build();
 * }</pre>
 *
 * <h2>What it guarantees</h2>
 *
 * <p>A letter, its state, and what waits behind it are in the transaction that commits the offset of their records. A letter is resolved by
 * the transaction that has the outputs of its handler, and only by that. While a key has a letter that is not resolved or discarded, its
 * later records wait, and are handled after it in the order of their offsets; other keys go on. Records that are {@linkplain
 * dev.semel.core.failure.FailureDecision#defer deferred} are handled again when they are due, half a second later at most, and their key
 * does not wait. Other groups on the same topic see nothing of all that.
 *
 * <p>What is kept lies in a compacted topic beside each source topic, {@code <group>.<topic>.letters}, with the bytes of each record until
 * it has come to its end: nothing that waits expires. Memory holds about 300 bytes for each, and up to
 * 500 characters more of a letter that failed again, or was given a reason.
 *
 * <p>Threading: methods may be called by any thread. One instance belongs to one processor.
 */
public final class DeadLetters implements Participant {

    private final KeptLetters letters;

    private DeadLetters(KeptSettings settings) {
        this.letters = new KeptLetters(settings);
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** What is kept of the partitions that are assigned to this processor; what has come to its end is not among it. */
    public List<LetterStatus> letters() {
        return letters.letters();
    }

    /**
     * Has letters handled again, through the processor's own handler: those that are open, parked or deferred. They must be of partitions
     * that are assigned to this processor.
     *
     * @param ids of the letters
     * @param actor who wants it, for the audit
     * @return completed when each has been handled, or has failed again, and that is committed; exceptionally with an {@link
     *     IllegalStateException} where a partition is not, or no longer, this processor's
     * @throws IllegalArgumentException where an id is none
     * @throws IllegalStateException where no processor has been started with it
     */
    public CompletableFuture<InPlaceReport> redrive(Collection<String> ids, String actor) {
        return order(
                Command.Kind.REDRIVE,
                ids,
                actor,
                null,
                EnumSet.of(LetterState.OPEN, LetterState.PARKED, LetterState.QUARANTINED, LetterState.DEFERRED));
    }

    /**
     * Puts letters aside: they keep their place, and what waits behind them waits.
     *
     * @param reason for those who look at it later
     */
    public CompletableFuture<InPlaceReport> park(Collection<String> ids, String actor, String reason) {
        return order(Command.Kind.PARK, ids, actor, reason, EnumSet.of(LetterState.OPEN, LetterState.QUARANTINED));
    }

    /**
     * Gives letters up: they are not handled any more, and what waits behind them goes on. Participants that know which events had their
     * effect are told, as if this had been theirs, so that a copy of it is not handled later: it is a duplicate. Not so where it cannot be
     * read as an event, or its bytes are lost.
     *
     * @param reason for those who look at it later
     */
    public CompletableFuture<InPlaceReport> discard(Collection<String> ids, String actor, String reason) {
        return order(
                Command.Kind.DISCARD,
                ids,
                actor,
                reason,
                EnumSet.of(
                        LetterState.OPEN,
                        LetterState.PARKED,
                        LetterState.QUARANTINED,
                        LetterState.DEFERRED,
                        LetterState.WAITING));
    }

    /**
     * Writes letters to the letter topic again, where they would soon be deleted by its retention: they begin to age anew there, with the
     * id, the state and the place in their key's order that they have. Stack traces are not written again; of letters that were redriven
     * since, the message is not either. It says who did so, in place of who changed their state last.
     *
     * @param ids of the letters
     * @param actor who wants it, for the audit
     */
    public CompletableFuture<InPlaceReport> rewrite(Collection<String> ids, String actor) {
        return order(
                Command.Kind.REWRITE,
                ids,
                actor,
                null,
                EnumSet.of(LetterState.OPEN, LetterState.PARKED, LetterState.QUARANTINED, LetterState.DEFERRED));
    }

    private CompletableFuture<InPlaceReport> order(
            Command.Kind kind,
            Collection<String> ids,
            String actor,
            @Nullable String reason,
            Set<LetterState> expected) {
        String commandId = UUID.randomUUID().toString();
        var answers = new ArrayList<CompletableFuture<Answer>>();
        NamedLetters named = NamedLetters.of(letters.group(), ids);
        named.offsets()
                .forEach((source, offsets) -> answers.add(
                        letters.order(source, new Command(kind, commandId, actor, reason, expected, offsets))));
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(all -> report(
                        commandId, answers.stream().map(CompletableFuture::join).toList(), named.others()));
    }

    private static InPlaceReport report(String id, List<Answer> answers, Map<String, String> others) {
        var failedAgain = new TreeMap<String, String>();
        var skipped = new TreeMap<>(others);
        answers.forEach(answer -> {
            failedAgain.putAll(answer.failedAgain());
            skipped.putAll(answer.skipped());
        });
        return new InPlaceReport(
                id,
                answers.stream().mapToInt(Answer::read).sum() + others.size(),
                answers.stream().mapToInt(Answer::applied).sum(),
                answers.stream().mapToInt(Answer::duplicate).sum(),
                failedAgain,
                skipped);
    }

    @Override
    public void start(Participation processor) throws Exception {
        letters.start(processor);
    }

    @Override
    public boolean keepsRecords() {
        return true;
    }

    /** See {@link LetterMetric}. */
    @Override
    public List<ParticipantMetric> metrics() {
        return letters.metrics();
    }

    @Override
    public PartitionParticipant assigned(TopicPartition partition) {
        return letters.assigned(partition);
    }

    @Override
    public void close() {
        letters.close();
    }

    /** Not safe for use by several threads. */
    public static final class Builder {

        private static final int DEFAULT_CAPACITY = 100_000;
        private static final int LARGEST_CAPACITY = 1_000_000;
        private static final int DEFAULT_RECORD_BYTES = 900_000;

        private final Map<String, String> topics = new HashMap<>();
        private final Map<String, KeptSettings.Automatic> automatic = new HashMap<>();
        private @Nullable Boolean behindLetters;
        private boolean keylessBlocks;
        private int capacity = DEFAULT_CAPACITY;
        private int maxRecordBytes = DEFAULT_RECORD_BYTES;
        private int sameFault = 3;
        private boolean retriesNewSchemas = true;
        private int newSchemasPerSecond = 50;
        private double nearRetention = 0.8;
        private Duration endsKept = Duration.ofDays(7);
        private @Nullable LetterValidator edits;

        private Builder() {}

        /**
         * Names the topic in which the letters of a source topic are kept; by default {@code <group>.<topic>.letters}. It belongs to this
         * group and source topic alone, has as many partitions as the source topic, and {@code cleanup.policy=compact}; it is created
         * where it is missing.
         *
         * @throws ConfigurationException where a name is blank
         */
        public Builder storeTopic(String sourceTopic, String storeTopic) {
            if (sourceTopic.isBlank() || storeTopic.isBlank()) {
                throw new ConfigurationException(
                        "storeTopic: '" + sourceTopic + "', '" + storeTopic + "' must not be blank");
            }
            topics.put(sourceTopic, storeTopic);
            return this;
        }

        /**
         * Whether the records of a key wait while it has a letter that is neither resolved nor discarded. By default they do where the
         * processor keeps an order; asked for where it keeps none, it does not start.
         */
        public Builder behindLetters(boolean wait) {
            behindLetters = wait;
            return this;
        }

        /** Whether a letter without a key keeps back all that comes after it in its partition. By default it keeps back nothing. */
        public Builder keylessBlocks(boolean blocks) {
            keylessBlocks = blocks;
            return this;
        }

        /**
         * How many letters and records that wait are kept of a partition; 100,000 by default. Where they are so many, the partition is not
         * read on until there is room, and the processor is not ready and says so: nothing is dropped. It can be passed by what is in
         * flight then.
         *
         * @throws ConfigurationException where it is not from 1 to 1,000,000
         */
        public Builder capacityPerPartition(int records) {
            if (records < 1 || records > LARGEST_CAPACITY) {
                throw new ConfigurationException(
                        "capacityPerPartition " + records + " must be from 1 to " + LARGEST_CAPACITY);
            }
            capacity = records;
            return this;
        }

        /**
         * Records that are larger, key, value and headers together, are kept without their bytes, which are read from the source topic
         * again: they can be lost there by its retention. 900,000 bytes by default; it has to be less than the producer's {@code
         * max.request.size}.
         *
         * @throws ConfigurationException where it is negative
         */
        public Builder maxRecordBytes(int bytes) {
            if (bytes < 0) {
                throw new ConfigurationException("maxRecordBytes " + bytes + " must not be negative");
            }
            maxRecordBytes = bytes;
            return this;
        }

        /**
         * For how long it is known of a letter what its end was; 7 days by default.
         *
         * @throws ConfigurationException where it is not positive
         */
        public Builder endsKeptFor(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new ConfigurationException("endsKeptFor " + time + " must be positive");
            }
            endsKept = time;
            return this;
        }

        /**
         * Parks a letter when so many redrives of it in a row have failed with the same fingerprint; 3 by default.
         *
         * @throws ConfigurationException where it is less than 1
         */
        public Builder parkAfterSameFault(int redrives) {
            if (redrives < 1) {
                throw new ConfigurationException("parkAfterSameFault " + redrives + " must be at least 1");
            }
            sameFault = redrives;
            return this;
        }

        /**
         * Has letters of a failure class redriven by themselves; none are unless that is said.
         *
         * @param failureClass the class of their latest failure
         * @param first the delay before the first time
         * @param factor by which each further delay is longer, up to a day
         * @param most how many redrives of a letter may fail before it stays open
         * @throws ConfigurationException where a number is out of its range
         */
        public Builder automatically(FailureClass failureClass, Duration first, double factor, int most) {
            Objects.requireNonNull(failureClass, "failureClass");
            if (first.isNegative() || first.isZero() || !(factor >= 1) || most < 1) {
                throw new ConfigurationException("automatically " + failureClass + ": the delay " + first
                        + " must be positive, the factor " + factor + " and the most " + most + " at least 1");
            }
            automatic.put(failureClass.name(), new KeptSettings.Automatic(first, factor, most));
            return this;
        }

        /**
         * Whether letters of {@link FailureClass#SCHEMA_TOO_NEW} are redriven by themselves whenever their partition is assigned anew,
         * since the reader may have been upgraded; they are by default, once in each assignment, and are not parked however often they
         * fail so.
         */
        public Builder retryNewSchemas(boolean retry) {
            retriesNewSchemas = retry;
            return this;
        }

        /**
         * How many letters of {@link FailureClass#SCHEMA_TOO_NEW} this processor redrives by itself a second, and at once where there were
         * none for a second; 50 by default.
         *
         * @throws ConfigurationException where it is less than 1
         */
        public Builder newSchemasPerSecond(int letters) {
            if (letters < 1) {
                throw new ConfigurationException("newSchemasPerSecond " + letters + " must be at least 1");
            }
            newSchemasPerSecond = letters;
            return this;
        }

        /**
         * From which share of the letter topic's {@code retention.ms} on a letter that has not come to its end is warned of, and counted
         * as {@link LetterMetric#LETTERS_NEAR_RETENTION}; 0.8 by default. The topic's settings are those at the start of the processor;
         * what its {@code retention.bytes} deletes is not foreseen.
         *
         * @throws ConfigurationException where it is not above 0, and at most 1
         */
        public Builder warnNearRetention(double share) {
            if (!(share > 0 && share <= 1)) {
                throw new ConfigurationException("warnNearRetention " + share + " must be above 0, and at most 1");
            }
            nearRetention = share;
            return this;
        }

        /**
         * Lets operators edit letters of this group, see {@link DeadLetterReprocessor#edit}; by default nobody may.
         *
         * @param validator refuses what this group could not read: asked by the letter's owner, whatever the operator has had checked
         */
        public Builder acceptEdits(LetterValidator validator) {
            edits = Objects.requireNonNull(validator, "validator");
            return this;
        }

        /** Makes the participant, for one processor. */
        public DeadLetters build() {
            return new DeadLetters(new KeptSettings(
                    topics,
                    behindLetters,
                    keylessBlocks,
                    capacity,
                    endsKept,
                    sameFault,
                    maxRecordBytes,
                    retriesNewSchemas,
                    newSchemasPerSecond,
                    nearRetention,
                    automatic,
                    edits));
        }
    }
}
