package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.core.participant.topics.PatientCluster;
import dev.semel.core.participant.topics.TopicReplay;
import dev.semel.idempotency.internal.Identifier;
import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.database.Patience;
import dev.semel.idempotency.internal.database.Schema;
import dev.semel.idempotency.internal.database.SqlFailure;
import dev.semel.idempotency.internal.kafka.LetterTopic;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JDBC store's part in one processor. */
public final class JdbcParticipant implements Participant {

    private static final Logger log = LoggerFactory.getLogger(JdbcParticipant.class);

    private static final int LONGEST_SCOPE = 255;

    private final Database database;
    private final JdbcStoreSettings settings;
    private final Identifier identifier;
    private final boolean comparesPayloads;
    private final ConnectionAtHand connections;

    private final Set<JdbcPartition> partitions = ConcurrentHashMap.newKeySet();
    private @Nullable PatientCluster restoreCluster;
    private @Nullable ScheduledThreadPoolExecutor timer;
    private @Nullable Started started;
    private volatile boolean closed;

    /** What there is from its start on. */
    private record Started(Store store, PartitionRestore restore, ReleasedTopic released) {}

    public JdbcParticipant(
            Database database,
            JdbcStoreSettings settings,
            Identifier identifier,
            boolean comparesPayloads,
            ConnectionAtHand connections) {
        this.database = database;
        this.settings = settings;
        this.identifier = identifier;
        this.comparesPayloads = comparesPayloads;
        this.connections = connections;
    }

    @Override
    public void start(Participation processor) throws Exception {
        String group = processor.group();
        if (group.length() > LONGEST_SCOPE) {
            throw new StartupException(
                    "group " + group + " has " + group.length() + " characters, and semel_mark.scope takes "
                            + LONGEST_SCOPE,
                    null);
        }
        ScheduledThreadPoolExecutor own = timer(group);
        timer = own;
        ReleasedTopic released;
        String place;
        var marks = new Marks(database, group);
        try (var cluster = new Cluster(processor.adminConfig(), processor::startTimeLeft)) {
            LetterTopic.check(settings.retention(), processor, cluster);
            place = new Patience("idempotency marks", own, processor::startTimeLeft).ask(() -> {
                String checked = Schema.MARKS.check(database);
                // What may not write here is to fail the start, and not to wait for ever as if the database were away.
                marks.probe();
                return checked;
            });
            released = releasedTopic(processor, cluster, marks);
        }
        var outage = new Outage(processor, place, marks::probe, own, settings.probeInterval());
        var store = new Store(database, marks, outage, identifier, comparesPayloads, connections, processor.clock());
        var restoring = new PatientCluster(processor.adminConfig(), "what group " + group + " has released");
        restoreCluster = restoring;
        var facts = new ReleasedRestore(
                restoring, released, new TopicReplay(() -> new KafkaConsumer<>(processor.consumerConfig())));
        started = new Started(store, new PartitionRestore(store, facts, released), released);
        var cleanUp = new CleanUp(
                database,
                new Expiry(database, group, settings.retention().duration()),
                new LostMarks(group),
                () -> !closed);
        long intervalNanos = settings.cleanUpInterval().toNanos();
        own.scheduleWithFixedDelay(() -> cleanUp(cleanUp), intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
    }

    /** One thread for what waits for a database that is away, one for cleaning up. */
    private static ScheduledThreadPoolExecutor timer(String group) {
        var timer = new ScheduledThreadPoolExecutor(2, task -> {
            var thread = new Thread(task, "semel-idempotency-" + group);
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private ReleasedTopic releasedTopic(Participation processor, Cluster cluster, Marks marks) throws Exception {
        var sources = new ArrayList<TopicDescription>();
        for (String topic : processor.topics()) {
            sources.add(cluster.topic(topic)
                    .orElseThrow(() -> new StartupException("source topic " + topic + " is not there any more", null)));
        }
        int partitions = sources.stream()
                .mapToInt(topic -> topic.partitions().size())
                .max()
                .orElseThrow();
        String name = Objects.requireNonNullElse(settings.releasedTopic(), processor.group() + ".released");
        checkName(name);
        String servers = String.valueOf(processor.adminConfig().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        return new ReleasedTopics(cluster, servers)
                .prepare(
                        name,
                        processor.group(),
                        partitions,
                        () -> database.transact(session -> marks.areThere(
                                session,
                                sources.stream().map(TopicDescription::topicId).toList())));
    }

    private static void checkName(String name) {
        try {
            Topic.validate(name);
        } catch (InvalidTopicException e) {
            throw new StartupException(
                    "no topic can be named '" + name + "' (" + e.getMessage() + "): name it with releasedTopic()", e);
        }
    }

    @Override
    public PartitionParticipant assigned(TopicPartition partition) {
        Started parts = Objects.requireNonNull(started, "not started");
        var assigned =
                new JdbcPartition(partition, parts.store(), parts.restore(), parts.released(), partitions::remove);
        partitions.add(assigned);
        return assigned;
    }

    private void cleanUp(CleanUp cleanUp) {
        for (JdbcPartition partition : partitions) {
            if (closed) {
                return;
            }
            try {
                long deleted = partition.cleanUp(cleanUp);
                if (deleted > 0) {
                    log.debug("Deleted {} marks of {}", deleted, partition);
                }
            } catch (Exception e) {
                // The next run does what this one has not; that nothing can be handled is told by those who handle.
                log.warn(
                        "The marks of {} could not be cleaned up, and will be later: {}",
                        partition,
                        SqlFailure.told(e),
                        e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        if (timer != null) {
            timer.shutdownNow();
        }
        if (restoreCluster != null) {
            restoreCluster.close();
        }
    }

    @Override
    public String toString() {
        return "the JDBC idempotency store";
    }
}
