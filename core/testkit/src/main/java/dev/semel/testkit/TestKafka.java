package dev.semel.testkit;

import dev.semel.testkit.internal.Answers;
import dev.semel.testkit.internal.BrokerNodes;
import dev.semel.testkit.internal.CommittedReader;
import dev.semel.testkit.internal.GroupOffsets;
import dev.semel.testkit.internal.Leftovers;
import dev.semel.testkit.internal.TestNames;
import dev.semel.testkit.internal.Text;
import dev.semel.testkit.internal.TopicReadiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka cluster as one test sees it: with names for topics and groups that no other test has, and with what a test does
 * time and again.
 *
 * <p>{@link KafkaTest} injects it and closes it; {@link #connect} makes one for any other cluster, such as a {@link
 * BrokerProcess}. Methods that ask the cluster wait for its answer and throw the {@link
 * org.apache.kafka.common.KafkaException} with which it failed. Safe for use by several threads.
 */
public final class TestKafka implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final String bootstrapServers;
    private final TestNames names;
    private final BrokerNodes nodes;
    private final Admin admin;
    private final Object producerLock = new Object();
    private @Nullable Producer<byte[], byte[]> producer;

    TestKafka(String bootstrapServers, TestNames names, BrokerNodes nodes) {
        this.bootstrapServers = bootstrapServers;
        this.names = names;
        this.nodes = nodes;
        this.admin = Admin.create(clientConfig());
    }

    /**
     * A view of a cluster that is not run by {@link KafkaTest}. Its brokers cannot be stopped through it.
     *
     * @param bootstrapServers the cluster's address
     * @param scope what the names are for, such as the test's name
     * @return a view to close, which then deletes the topics and groups that have its names
     */
    public static TestKafka connect(String bootstrapServers, String scope) {
        return new TestKafka(
                bootstrapServers, TestNames.of(scope), BrokerNodes.untouchable("this view was made by connect()"));
    }

    /**
     * The address of the cluster. It stays the same when brokers are stopped and started.
     *
     * @return a {@code bootstrap.servers} list
     */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * What any client needs to connect.
     *
     * @return a new map, with {@code bootstrap.servers}, to add to as wanted
     */
    public Map<String, Object> clientConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return config;
    }

    /**
     * A name of this test, for example {@code orders-retriesThenWorks-7f3a}, for topics, transactional ids and the like.
     * Topics with such a name are deleted after the test, also if something else created them.
     *
     * @param base what it names
     * @return the same name for the same base, and another in any other test
     */
    public String name(String base) {
        return names.name(base);
    }

    /**
     * A name of this test for a consumer group. Groups with such a name are deleted after the test.
     *
     * @param base what it names
     * @return the same name for the same base, and another in any other test
     */
    public String group(String base) {
        return names.name(base);
    }

    /**
     * Creates a topic with one partition.
     *
     * @param base what it is for
     * @return its {@linkplain #name(String) name}
     */
    public String topic(String base) {
        return topic(base, 1);
    }

    /**
     * Creates a topic.
     *
     * @param base what it is for
     * @param partitions how many
     * @return its {@linkplain #name(String) name}
     */
    public String topic(String base, int partitions) {
        return topic(base, partitions, Map.of());
    }

    /**
     * Creates a topic and waits until every broker knows it and all its partitions have leaders.
     *
     * @param base what it is for
     * @param partitions how many
     * @param configs the topic's settings. Unless given, {@code retention.ms} is -1: with the default, records whose
     *     event time is more than a week ago are deleted within minutes
     * @return its {@linkplain #name(String) name}
     */
    public String topic(String base, int partitions, Map<String, String> configs) {
        String topic = name(base);
        Map<String, String> settings = new HashMap<>(configs);
        settings.putIfAbsent("retention.ms", "-1");
        Answers.of(admin.createTopics(
                        List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings)))
                .all());
        TopicReadiness.await(admin, topic, partitions);
        return topic;
    }

    /**
     * Adds partitions to a topic and waits until every broker shows them with leaders. Kafka's own answer comes before that, so
     * that a client that asks next may still be told the old number.
     *
     * @param topic its whole name
     * @param total how many it has afterwards, more than before
     */
    public void addPartitions(String topic, int total) {
        Answers.of(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                .all());
        TopicReadiness.await(admin, topic, total);
    }

    /**
     * Deletes a topic and waits until no broker knows it. Kafka's own answer comes before that, so that a record sent next may
     * still be taken and then vanish.
     *
     * @param topic its whole name
     */
    public void deleteTopic(String topic) {
        Answers.of(admin.deleteTopics(List.of(topic)).all());
        TopicReadiness.awaitGone(admin, topic);
    }

    /**
     * Waits until every broker shows a topic, all its partitions with leaders: for one that something else creates, under a name
     * of its own.
     *
     * @param topic its whole name
     * @param partitions how many it has
     * @throws IllegalStateException after a minute
     */
    public void awaitTopic(String topic, int partitions) {
        TopicReadiness.await(admin, topic, partitions);
    }

    /**
     * An admin client of this test.
     *
     * @return always the same one; it is closed with the test
     */
    public Admin admin() {
        return admin;
    }

    /**
     * Sends records, in order, and waits until all are acknowledged by all replicas in sync.
     *
     * @param records what to send
     */
    public void send(Iterable<ProducerRecord<byte[], byte[]>> records) {
        Producer<byte[], byte[]> sending = producer();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            sent.add(sending.send(record));
        }
        sending.flush();
        sent.forEach(Answers::of);
    }

    /**
     * Sends one record of text and waits until it is acknowledged.
     *
     * @param topic where to
     * @param key may be null
     * @param value null for a tombstone
     * @param headers in this order
     */
    public void send(String topic, @Nullable String key, @Nullable String value, Header... headers) {
        send(List.of(new ProducerRecord<>(topic, null, Text.bytes(key), Text.bytes(value), Arrays.asList(headers))));
    }

    /**
     * Reads all of a topic as a consumer at {@code read_committed} sees it. Waits until at least {@code expected} records
     * are visible and nothing up to the topic's end is still undecided, so that no record is missed whose transaction is
     * committed while its marker is on its way.
     *
     * @param topic an existing topic
     * @param expected how many records to wait for. With 0 it returns what is there: to show that nothing was written, wait
     *     for something else first
     * @param deadline how long to wait at most
     * @return all records, which can be more than expected, by partition and offset
     * @throws AssertionError at the deadline, with what was seen
     */
    public List<ConsumerRecord<byte[], byte[]>> readCommitted(String topic, int expected, Duration deadline) {
        return new CommittedReader(clientConfig(), admin).read(topic, expected, deadline);
    }

    /**
     * The committed offsets of a group. Waits while an open transaction is about to change one of them.
     *
     * <p>Kafka does not tell that a first commit is under way unless it is asked for that very partition: name the topics
     * where a test asks right after a first transaction.
     *
     * @param group its whole name
     * @param topics only the partitions of these topics; if none is named, all that the group has offsets of
     * @return partitions with a committed offset; empty if the group does not exist
     */
    public Map<TopicPartition, OffsetAndMetadata> committedOffsets(String group, String... topics) {
        return new GroupOffsets(admin).committed(group, List.of(topics));
    }

    /**
     * The ids of the brokers that may be stopped.
     *
     * @return in ascending order; empty if the cluster is not this test's own
     */
    public List<Integer> brokerIds() {
        return nodes.ids();
    }

    /**
     * Stops a broker in an orderly way and waits until it is down. No effect if it is.
     *
     * @param id one of {@link #brokerIds()}
     * @throws IllegalStateException if the cluster is not this test's own, see {@link KafkaTest#ownCluster()}
     */
    public void stopBroker(int id) {
        nodes.stop(id);
    }

    /**
     * Starts a stopped broker, with its data and at its old address, and waits until its replicas are in sync. No effect if
     * it runs.
     *
     * @param id one of {@link #brokerIds()}
     * @throws IllegalStateException if the cluster is not this test's own, see {@link KafkaTest#ownCluster()}
     */
    public void startBroker(int id) {
        nodes.start(id);
    }

    /**
     * Stops all brokers.
     *
     * @throws IllegalStateException if the cluster is not this test's own, see {@link KafkaTest#ownCluster()}
     */
    public void stopAllBrokers() {
        nodes.stopAll();
    }

    /**
     * Starts all stopped brokers and waits until their replicas are in sync.
     *
     * @throws IllegalStateException if the cluster is not this test's own, see {@link KafkaTest#ownCluster()}
     */
    public void startAllBrokers() {
        nodes.startAll();
    }

    /** Deletes this view's topics and groups, as far as the brokers run, and closes its clients. */
    @Override
    public void close() {
        synchronized (producerLock) {
            if (producer != null) {
                producer.close(nodes.allRunning() ? CLOSE : Duration.ZERO);
            }
        }
        if (nodes.allRunning()) {
            new Leftovers(admin, names).delete();
        }
        admin.close(Duration.ZERO);
    }

    @Override
    public String toString() {
        return "TestKafka[" + names.tag() + " at " + bootstrapServers + "]";
    }

    private Producer<byte[], byte[]> producer() {
        synchronized (producerLock) {
            if (producer == null) {
                producer = new KafkaProducer<>(clientConfig(), new ByteArraySerializer(), new ByteArraySerializer());
            }
            return Objects.requireNonNull(producer);
        }
    }
}
