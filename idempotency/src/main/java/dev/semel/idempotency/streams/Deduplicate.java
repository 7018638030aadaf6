package dev.semel.idempotency.streams;

import static java.util.Objects.requireNonNull;

import dev.semel.core.failure.ConfigurationException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Lets each event of a stream pass once, by its id, in any topology of Kafka Streams:
 *
 * <pre>{@code
 * KStream<String, Payment> once = Deduplicate.<String, Payment>by(record -> record.value().paymentId())
 *         .named("payments-once")
 *         .retaining(Duration.ofDays(7))
 *         .dropFrom(payments);
 * }</pre>
 *
 * <p>Marks are kept in a state store of its own and change in the transaction of what is made of their events, so that each event
 * passes exactly once through crashes and rebalances. That takes {@code processing.guarantee=exactly_once_v2}; see {@link
 * #withoutExactlyOnce}.
 *
 * <p>The first copy passes; later ones do not prolong its retention. Copies find each other in the same task only: records with the
 * same id must have the same partition. Where they may not, repartition the stream by the id before.
 *
 * <p>A record that passed and that a {@code processing.exception.handler} then passed over keeps its mark: sent again under the same id,
 * it is a duplicate.
 *
 * <p>The name becomes that of the processor, and begins the names of the state store and of the branches. It stays the same for as long
 * as the marks are to be found, and takes no number from those that Kafka Streams gives to what has no name. {@link #dropFrom} and
 * {@link #split} leave keys as they are, so that no repartitioning follows from them; like all {@code processValues}, they do not hand on
 * the serde of the values.
 *
 * <p>As a {@link ProcessorSupplier} it drops duplicates in {@link KStream#process} and {@link
 * org.apache.kafka.streams.Topology#addProcessor}. {@code process} takes a {@link Named}: without one, Kafka Streams numbers it, and
 * changes the names of what comes after. What follows {@code process} is repartitioned before it is grouped or joined.
 *
 * <p>Immutable. One object serves one place of one topology.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class Deduplicate<K extends @Nullable Object, V extends @Nullable Object>
        implements ProcessorSupplier<K, V, K, V> {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final DeduplicateSettings<K, V> settings;

    private Deduplicate(DeduplicateSettings<K, V> settings) {
        this.settings = settings;
    }

    /** By an id that is unique among all records of the stream. */
    public static <K extends @Nullable Object, V extends @Nullable Object> Unnamed<K, V> by(
            IdExtractor<K, V> extractor) {
        return new Unnamed<>(new EventNames.Extracted<>(requireNonNull(extractor, "extractor")));
    }

    /**
     * By the headers {@code ce_source} and {@code ce_id} of CloudEvents' Kafka binding. The source of an event that has none is {@code
     * kafka:} and the topic that it was read from.
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> Unnamed<K, V> byEventId() {
        return new Unnamed<>(new EventNames.InHeaders<>());
    }

    /**
     * What knows events by their ids, and lacks a name.
     *
     * @param <K> the type of the keys
     * @param <V> the type of the values
     */
    public static final class Unnamed<K extends @Nullable Object, V extends @Nullable Object> {

        private final EventNames<K, V> names;

        private Unnamed(EventNames<K, V> names) {
            this.names = names;
        }

        /**
         * Gives it its name.
         *
         * @param name letters, digits, {@code .}, {@code _} and {@code -}; with the application's id, it names a topic
         * @throws ConfigurationException where Kafka does not take it for a name
         */
        public Unbounded<K, V> named(String name) {
            requireNonNull(name, "name");
            try {
                Named.as(name).withName(name + "-duplicates");
            } catch (TopologyException e) {
                throw new ConfigurationException(
                        "Deduplicate.named: '" + name + "' cannot be a name: " + e.getMessage());
            }
            return new Unbounded<>(names, name);
        }
    }

    /**
     * What has a name, and would keep ids for ever.
     *
     * @param <K> the type of the keys
     * @param <V> the type of the values
     */
    public static final class Unbounded<K extends @Nullable Object, V extends @Nullable Object> {

        private final EventNames<K, V> names;
        private final String name;

        private Unbounded(EventNames<K, V> names, String name) {
            this.names = names;
            this.name = name;
        }

        /**
         * Says how long an id is kept: at least as long as its event can come again, by a producer's retries, a replay or a redrive.
         *
         * @param retention from 1 ms to 36,500 days, by {@link RetentionClock#BOTH} clocks unless {@link Deduplicate#measuredBy} says
         *     otherwise
         * @throws ConfigurationException where it is out of that range
         */
        public Deduplicate<K, V> retaining(Duration retention) {
            requireNonNull(retention, "retention");
            if (retention.compareTo(SHORTEST) < 0 || retention.compareTo(LONGEST) > 0) {
                throw new ConfigurationException("Deduplicate '" + name + "': retaining(" + retention
                        + ") must be from 1 ms to " + LONGEST.toDays() + " days");
            }
            return new Deduplicate<>(new DeduplicateSettings<>(
                    names,
                    name,
                    retention,
                    RetentionClock.BOTH,
                    MissingId.FAIL,
                    WithoutExactlyOnce.REFUSE,
                    BuiltInDslStoreSuppliers.ROCKS_DB));
        }
    }

    /** Measures the retention by this clock instead of both. */
    public Deduplicate<K, V> measuredBy(RetentionClock clock) {
        return new Deduplicate<>(settings.withClock(requireNonNull(clock, "clock")));
    }

    /** Says what becomes of records without an id; an error unless set. */
    public Deduplicate<K, V> onMissingId(MissingId policy) {
        return new Deduplicate<>(settings.withMissingId(requireNonNull(policy, "policy")));
    }

    /** Says what it does without {@code exactly_once_v2}; it refuses to start unless set. */
    public Deduplicate<K, V> withoutExactlyOnce(WithoutExactlyOnce policy) {
        return new Deduplicate<>(settings.withoutExactlyOnce(requireNonNull(policy, "policy")));
    }

    /**
     * Keeps the marks in a store of this kind, such as {@link BuiltInDslStoreSuppliers#IN_MEMORY}; {@link
     * BuiltInDslStoreSuppliers#ROCKS_DB} unless set. Either is restored from the same changelog, so the kind may change from one start
     * to the next.
     *
     * @param stores what makes key-value stores that can be read in both directions
     */
    public Deduplicate<K, V> storedIn(DslStoreSuppliers stores) {
        return new Deduplicate<>(settings.withStores(requireNonNull(stores, "stores")));
    }

    /** The stream without its duplicates. */
    public KStream<K, V> dropFrom(KStream<K, V> stream) {
        return applyTo(stream, false);
    }

    /** The stream and, apart from it, its duplicates. */
    public Deduplicated<K, V> split(KStream<K, V> stream) {
        KStream<K, V> judged = applyTo(stream, true);
        return new Deduplicated<>(branch(judged, settings.passedName()), branch(judged, settings.duplicatesName()));
    }

    private KStream<K, V> applyTo(KStream<K, V> stream, boolean splitting) {
        return stream.processValues(
                new ValuesSupplier<K, V>(() -> new ValuesProcessor<>(settings, splitting), stores()),
                Named.as(settings.name()));
    }

    /** A node that has a name, for duplicates to be forwarded to; {@code filter} would take a number although it has one. */
    private static <K extends @Nullable Object, V extends @Nullable Object> KStream<K, V> branch(
            KStream<K, V> judged, String name) {
        return judged.processValues(new ValuesSupplier<K, V>(Forwarding::new, Set.of()), Named.as(name));
    }

    private record ValuesSupplier<K extends @Nullable Object, V extends @Nullable Object>(
            Supplier<FixedKeyProcessor<K, V, V>> processors, Set<StoreBuilder<?>> stores)
            implements FixedKeyProcessorSupplier<K, V, V> {

        @Override
        public FixedKeyProcessor<K, V, V> get() {
            return processors.get();
        }
    }

    private static final class Forwarding<K extends @Nullable Object, V extends @Nullable Object>
            extends ContextualFixedKeyProcessor<K, V, V> {

        @Override
        public void process(FixedKeyRecord<K, V> record) {
            context().forward(record);
        }
    }

    /** For Kafka Streams: a processor that forwards what passes, and drops the rest. */
    @Override
    public Processor<K, V, K, V> get() {
        return new DroppingProcessor<>(settings);
    }

    /** For Kafka Streams: the store of the marks. */
    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(settings.storeBuilder());
    }
}
