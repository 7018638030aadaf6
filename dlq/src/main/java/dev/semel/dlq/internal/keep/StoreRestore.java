package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Participation;
import dev.semel.core.participant.topics.PatientCluster;
import dev.semel.core.participant.topics.TopicReplay;
import dev.semel.dlq.LetterState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what is kept of one partition. Used once, by one thread, which may be interrupted. */
final class StoreRestore {

    private static final Logger log = LoggerFactory.getLogger(StoreRestore.class);

    private static final long TOLD_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    /** What is known of a letter: one of the two may be missing. */
    static final class Restored {
        @Nullable KeptState state;

        long position = Entry.NOWHERE;
        int bytes;

        @Nullable Sequence ofKey;
    }

    private final Participation processor;
    private final PatientCluster cluster;
    private final Store store;
    private final TopicPartition letterTopic;
    private final Map<Place, Restored> letters = new HashMap<>();
    private final Map<Fault, Fault> faults = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private @Nullable StoreNote note;
    private long firstKnown = Long.MAX_VALUE;
    private int lastTopic;
    private CarriedOut commands = CarriedOut.NOTHING;
    private long read;

    private record Place(int topic, long offset) {}

    /** @param letterTopic the partition to which its letters are written */
    StoreRestore(Participation processor, PatientCluster cluster, Store store, TopicPartition letterTopic) {
        this.processor = processor;
        this.cluster = cluster;
        this.store = store;
        this.letterTopic = letterTopic;
    }

    /**
     * Reads it, and says to the store of which topic it is from now on; ends with an {@link InterruptedException} where the partition is
     * lost meanwhile.
     *
     * @param committed where the partition goes on
     */
    void read(long committed) throws Exception {
        long end = cluster.end(store.partition());
        long startedNanos = System.nanoTime();
        long[] toldNanos = {startedNanos};
        new TopicReplay(this::consumer).replay(store.partition(), end, this::take, position -> {
            if (System.nanoTime() - toldNanos[0] > TOLD_EVERY_NANOS) {
                toldNanos[0] = System.nanoTime();
                log.info("Restoring {}: {} records, at offset {} of {}", store.partition(), read, position, end);
            }
        });
        log.info(
                "Restored {}: {} letter(s) and records that wait, from {} records in {} ms",
                store.partition(),
                letters.values().stream().filter(one -> isHere(one.state)).count(),
                read,
                Duration.ofNanos(System.nanoTime() - startedNanos).toMillis());
        StoreNote next = next(committed);
        store.isOf(next.present());
        tellOfEarlier(next);
        note = next;
    }

    /** What the store is to say of itself with the next transaction. */
    StoreNote note() {
        return Objects.requireNonNull(note, "not read");
    }

    private StoreNote next(long committed) throws Exception {
        Uuid present = cluster.topic(store.source().topic()).topicId();
        @Nullable StoreNote known = note;
        if (known == null) {
            return StoreNote.begin(lastTopic, present, Math.min(firstKnown, committed))
                    .through(committed);
        }
        // Letters of the earlier one are before that: nobody writes any more.
        return known.topic().id().equals(present)
                ? known.goesOnAt(committed)
                : known.anew(present, cluster.end(letterTopic), committed);
    }

    private void tellOfEarlier(StoreNote now) {
        List<Place> earlier = letters.entrySet().stream()
                .filter(one -> one.getKey().topic() != now.present())
                .filter(one -> isHere(one.getValue().state))
                .map(Map.Entry::getKey)
                .toList();
        if (!earlier.isEmpty()) {
            Place one = earlier.get(0);
            long address = Addresses.earlier(one.topic(), one.offset());
            log.warn(
                    "Topic {} was made anew: of {} letter(s) and records that wait, which are from before, the ids have other"
                            + " offsets now: {} is {}. They can be redriven or discarded as others can, and what comes of"
                            + " their keys waits for them",
                    store.source().topic(),
                    earlier.size(),
                    store.firstId(address),
                    store.id(address));
        }
    }

    private static boolean isHere(@Nullable KeptState state) {
        return state != null && !state.state().isFinal();
    }

    /** What is kept, by address. */
    NavigableMap<Long, Restored> letters() {
        var byAddress = new TreeMap<Long, Restored>();
        letters.forEach((place, letter) ->
                byAddress.put(store.address(new Store.Key(Store.Kind.STATE, place.topic(), place.offset())), letter));
        return byAddress;
    }

    /** Which of the partition's commands are carried out. */
    CarriedOut commands() {
        return commands;
    }

    /** Why it cannot be read yet, and what to do about it: the partition was added to the source. Null where it can. */
    @Nullable String noRoom() throws Exception {
        String topic = store.partition().topic();
        if (store.partition().partition() < cluster.topic(topic).partitions().size()) {
            return null;
        }
        return "nothing is read: topic " + topic
                + " has no partition for its letters. Keys may have moved to it: when no key"
                + " of the others waits behind a letter, add partitions with: "
                + StoreTopics.command(
                        String.valueOf(processor.adminConfig().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)),
                        topic,
                        cluster.topic(store.source().topic()).partitions().size());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                processor.consumerConfig(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        read++;
        try {
            Store.Key key = store.key(record.key());
            switch (key.kind()) {
                case COMMANDS ->
                    commands = record.value() == null ? CarriedOut.NOTHING : CarriedOut.read(record.value());
                case NOTE -> note = record.value() == null ? null : StoreNote.read(record.value());
                case STATE -> state(place(key), record);
                case RECORD -> record(place(key), record);
            }
        } catch (Unreadable e) {
            log.error(
                    "Offset {} of {} is passed over: {}. See whether another group keeps its letters there, and who may"
                            + " write to this topic",
                    record.offset(),
                    store.partition(),
                    e.getMessage());
        }
    }

    private Place place(Store.Key key) {
        if (key.topic() > lastTopic) {
            lastTopic = key.topic();
            firstKnown = Long.MAX_VALUE;
        }
        if (key.topic() == lastTopic) {
            firstKnown = Math.min(firstKnown, key.offset());
        }
        return new Place(key.topic(), key.offset());
    }

    private void state(Place place, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            letters.remove(place);
            return;
        }
        Restored letter = letters.computeIfAbsent(place, any -> new Restored());
        try {
            KeptState state = StateFormat.read(record.value());
            // The same few faults, people and commands again and again: one of each is enough.
            @Nullable Fault fault = state.fault();
            letter.state = (fault == null ? state : state.sharing(faults.computeIfAbsent(fault, first -> first)))
                    .by(shared(state.actor()), shared(state.commandId()));
        } catch (Unreadable e) {
            log.error(
                    "The state of letter {} is damaged, and it is quarantined: {}",
                    store.id(place.offset()),
                    e.getMessage());
            letter.state = KeptState.begin(
                            LetterState.OPEN, letter.position != Entry.NOWHERE, letter.ofKey, record.timestamp())
                    .become(LetterState.QUARANTINED, record.timestamp(), e.getMessage());
        }
    }

    private @Nullable String shared(@Nullable String text) {
        return text == null ? null : texts.computeIfAbsent(text, first -> first);
    }

    private void record(Place place, ConsumerRecord<byte[], byte[]> record) {
        Restored letter = letters.computeIfAbsent(place, any -> new Restored());
        letter.position = record.value() == null ? Entry.NOWHERE : record.offset();
        letter.bytes = record.value() == null ? 0 : record.value().length;
        if (record.value() != null) {
            try {
                letter.ofKey = Sequence.ofKey(RecordFormat.read(record.value(), store.source(), place.offset())
                        .key());
            } catch (Unreadable e) {
                // Told when it is to be handed in, which may never be.
                log.debug("The bytes of letter {} are damaged", store.id(place.offset()), e);
            }
        }
    }
}
