package dev.semel.testkit;

import dev.semel.testkit.internal.Deadline;
import dev.semel.testkit.internal.InputIndex;
import dev.semel.testkit.internal.TopicTail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the inputs of some processing and what it committed, as a consumer at {@code read_committed} sees both, and holds {@link
 * Guarantee}s against it, whatever the processing is made with.
 *
 * <p>Check as often as wanted, after each crash or restart: each check reads on where the one before ended. Of an input its
 * identity, place and key are remembered, some 200 bytes; of an output nothing, so that a million records are no trouble.
 *
 * <p>For one thread at a time.
 */
public final class Guarantees {

    private final List<Guarantee> guarantees;
    private final Set<String> letterTopics;
    private final RecordIdentity outputIdentity;
    private final RecordIdentity letterIdentity;
    private final InputIndex inputs;
    private final TopicTail inputTail;
    private final TopicTail answerTail;

    private Guarantees(Builder builder, List<Guarantee> guarantees) {
        this.guarantees = guarantees;
        this.letterTopics = Set.copyOf(builder.letters);
        this.outputIdentity = builder.outputIdentity;
        this.letterIdentity = builder.letterIdentity;
        this.inputs = new InputIndex(builder.inputIdentity);
        this.inputTail = new TopicTail(builder.kafka.clientConfig(), builder.kafka.admin(), builder.inputs);
        this.answerTail = new TopicTail(
                builder.kafka.clientConfig(),
                builder.kafka.admin(),
                Stream.concat(builder.outputs.stream(), builder.letters.stream())
                        .toList());
    }

    /**
     * Begins to describe what is observed.
     *
     * @param kafka the cluster; {@link TestKafka#connect} gives one for any
     * @return a builder that lacks topics and guarantees
     */
    public static Builder on(TestKafka kafka) {
        return new Builder(kafka);
    }

    /**
     * Asserts that nothing is broken by what is committed by now. That something is missing is no failure yet.
     *
     * @param deadline how long reading it may take
     * @throws AssertionError with what is broken, or at the deadline
     */
    public void assertSoFar(Duration deadline) {
        Deadline end = Deadline.in(deadline);
        if (!readOn(IsolationLevel.READ_COMMITTED, end)) {
            throw new AssertionError(notRead(deadline));
        }
        fail(Guarantee::violation);
    }

    /**
     * Waits until nothing is missing and nothing before the topics' ends is undecided, then asserts that nothing is broken either.
     * What is committed after that is not seen: let the processing come to rest first, or stop it, where it might still repeat
     * something.
     *
     * @param deadline how long to wait at most
     * @throws AssertionError with what is broken or missing
     */
    public void assertComplete(Duration deadline) {
        Deadline end = Deadline.in(deadline);
        boolean read = readOn(IsolationLevel.READ_UNCOMMITTED, end);
        while (!read || isAnythingMissing()) {
            fail(Guarantee::violation); // no waiting for what cannot come right
            if (!end.pause()) {
                fail(Guarantee::missing);
                throw new AssertionError(notRead(deadline));
            }
            read = readOn(IsolationLevel.READ_UNCOMMITTED, end);
        }
        fail(Guarantee::violation);
    }

    /** The end of the answers is taken first: the inputs of all that is before it are then there to be read. */
    private boolean readOn(IsolationLevel upTo, Deadline deadline) {
        Map<TopicPartition, Long> end = answerTail.ends(upTo);
        return inputTail.readTo(inputTail.ends(upTo), deadline, this::input)
                && answerTail.readTo(end, deadline, this::answer);
    }

    private void input(ConsumerRecord<byte[], byte[]> record) {
        ObservedInput input = inputs.add(record);
        guarantees.forEach(guarantee -> guarantee.input(input, record));
    }

    private void answer(ConsumerRecord<byte[], byte[]> record) {
        boolean isLetter = letterTopics.contains(record.topic());
        @Nullable String id = (isLetter ? letterIdentity : outputIdentity).of(record);
        Optional<ObservedInput> input = inputs.find(id);
        for (Guarantee guarantee : guarantees) {
            if (input.isEmpty()) {
                guarantee.unknown(record);
            } else if (isLetter) {
                guarantee.letter(input.get(), record);
            } else {
                guarantee.output(input.get(), record);
            }
        }
    }

    private boolean isAnythingMissing() {
        return guarantees.stream().anyMatch(guarantee -> guarantee.missing().isPresent());
    }

    private void fail(Function<Guarantee, Optional<String>> question) {
        List<String> found =
                guarantees.stream().map(question).flatMap(Optional::stream).toList();
        if (!found.isEmpty()) {
            throw new AssertionError(String.join("\n", found));
        }
    }

    private String notRead(Duration deadline) {
        return "after " + deadline + " these offsets were still not readable (an open transaction?): inputs "
                + inputTail.unread() + ", outputs and letters " + answerTail.unread();
    }

    /** Says what is observed. Topics and at least one guarantee are needed; the identities have defaults. */
    public static final class Builder {

        private final TestKafka kafka;
        private List<String> inputs = List.of();
        private List<String> outputs = List.of();
        private List<String> letters = List.of();
        private RecordIdentity inputIdentity = RecordIdentity.event();
        private RecordIdentity outputIdentity = RecordIdentity.cause();
        private RecordIdentity letterIdentity = RecordIdentity.letter();

        private Builder(TestKafka kafka) {
            this.kafka = Objects.requireNonNull(kafka, "kafka");
        }

        /**
         * The topics that are processed, all of each, from the beginning.
         *
         * @param topics whole names
         * @return this
         */
        public Builder inputs(String... topics) {
            this.inputs = List.of(topics);
            return this;
        }

        /**
         * The topics that are written.
         *
         * @param topics whole names
         * @return this
         */
        public Builder outputs(String... topics) {
            this.outputs = List.of(topics);
            return this;
        }

        /**
         * The topics of dead letters. None by default.
         *
         * @param topics whole names
         * @return this
         */
        public Builder letters(String... topics) {
            this.letters = List.of(topics);
            return this;
        }

        /**
         * How inputs are named. No two may have the same name.
         *
         * @param identity instead of {@link RecordIdentity#event()}
         * @return this
         */
        public Builder inputIdentity(RecordIdentity identity) {
            this.inputIdentity = identity;
            return this;
        }

        /**
         * How outputs name their input.
         *
         * @param identity instead of {@link RecordIdentity#cause()}
         * @return this
         */
        public Builder outputIdentity(RecordIdentity identity) {
            this.outputIdentity = identity;
            return this;
        }

        /**
         * How dead letters name their input.
         *
         * @param identity instead of {@link RecordIdentity#letter()}
         * @return this
         */
        public Builder letterIdentity(RecordIdentity identity) {
            this.letterIdentity = identity;
            return this;
        }

        /**
         * Names all three alike: for a header or value that is handed on as it is.
         *
         * @param identity of inputs, outputs and letters
         * @return this
         */
        public Builder identity(RecordIdentity identity) {
            return inputIdentity(identity).outputIdentity(identity).letterIdentity(identity);
        }

        /**
         * Ends the description.
         *
         * @param guarantees new ones, which no other run has used
         * @return what checks them; nothing is read yet
         */
        public Guarantees expect(Guarantee... guarantees) {
            if (inputs.isEmpty() || outputs.isEmpty() && letters.isEmpty() || guarantees.length == 0) {
                throw new IllegalArgumentException("inputs " + inputs + ", outputs " + outputs + ", letters " + letters
                        + " and " + guarantees.length + " guarantees: name topics that are read, topics that are"
                        + " written, and what is to hold between them");
            }
            return new Guarantees(this, new ArrayList<>(List.of(guarantees)));
        }
    }
}
