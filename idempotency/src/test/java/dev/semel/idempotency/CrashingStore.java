package dev.semel.idempotency;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.idempotency.jdbc.JdbcIdempotencyStore;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Serdes;
import org.postgresql.ds.PGSimpleDataSource;

/** A processor with an idempotency store, in a process of its own, which dies where it is told to. */
public final class CrashingStore {

    static final int KILLED = 137;

    /** For {@link CrashPoint}: none. */
    static final String SURVIVES = "SURVIVES";

    private static final AtomicBoolean HANDLING = new AtomicBoolean();

    private CrashingStore() {}

    /** An event of which a letter is to be made: one of some ten. */
    static final class PoisonException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        PoisonException(String id) {
            super(id + " cannot be handled");
        }
    }

    static boolean isPoison(String id) {
        return Math.floorMod(id.hashCode(), 10) == 0;
    }

    /**
     * Where it works, and with what.
     *
     * @param jdbcUrl empty for the Kafka store
     */
    record Place(String bootstrapServers, String group, String input, String output, String letters, String jdbcUrl) {

        private static Place of(String[] args) {
            return new Place(args[0], args[1], args[2], args[3], args[4], args[5]);
        }
    }

    /**
     * Starts one.
     *
     * @param point the name of a {@link CrashPoint}, or {@link #SURVIVES}
     * @param occurrence at which time that it comes past there
     */
    static JavaProcess start(Place place, String point, int occurrence) {
        return JavaProcess.of(CrashingStore.class)
                .args(
                        place.bootstrapServers(),
                        place.group(),
                        place.input(),
                        place.output(),
                        place.letters(),
                        place.jdbcUrl(),
                        point,
                        Integer.toString(occurrence))
                .start();
    }

    public static void main(String[] args) throws Exception {
        Place place = Place.of(args);
        String point = args[6];
        int occurrence = Integer.parseInt(args[7]);
        var builder = EventProcessor.<String, String>builder()
                // A group that is to be set back has to be rid of its member first.
                .kafka(Map.of(
                        "bootstrap.servers",
                        place.bootstrapServers(),
                        "consumer.max.poll.records",
                        20,
                        "consumer.session.timeout.ms",
                        6_000))
                .group(place.group())
                // Back at once after a kill.
                .instance("one")
                .topics(place.input())
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(FailurePolicy.byClass()
                        .on(PoisonException.class, RetryPolicy.never().thenDeadLetter(place.letters()))
                        // Where it dies is no fault of a record, however often that is.
                        .otherwise(RetryPolicy.fixed(Duration.ofMillis(1))
                                .maxAttempts(1_000)
                                .thenStop()))
                // Some transactions for what comes in a round, however slow the machine is.
                .commitInterval(Duration.ofMillis(10))
                .commitAfter(20, 1_000_000)
                .clients(clients(point, occurrence));
        EventProcessor<String, String> processor = (place.jdbcUrl().isEmpty()
                        ? inKafka(builder, place.output())
                        : inTheDatabase(builder, place.output(), dying(place.jdbcUrl(), point, occurrence)))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(processor::close));
        processor.start();
        processor.awaitTermination();
    }

    private static EventProcessorBuilder<String, String> inKafka(
            EventProcessorBuilder<String, String> builder, String output) {
        return builder.participant(Idempotency.with(KafkaIdempotencyStore.retaining(Duration.ofDays(7))
                        .deadLettersRedrivenWithin(Duration.ofDays(1))))
                .handler((event, context) ->
                        context.send(output, event.key(), handled(event.id().id())));
    }

    private static EventProcessorBuilder<String, String> inTheDatabase(
            EventProcessorBuilder<String, String> builder, String output, DataSource database) {
        JdbcIdempotencyStore store = JdbcIdempotencyStore.builder(database)
                .retaining(Duration.ofDays(7))
                .deadLettersRedrivenWithin(Duration.ofDays(1))
                .build();
        return builder.participant(Idempotency.with(store)).handler(store.handler((event, context, connection) -> {
            try (var insert = connection.prepareStatement("insert into effects (event_id) values (?)")) {
                insert.setString(1, event.id().id());
                insert.executeUpdate();
            }
            context.send(output, event.key(), handled(event.id().id()));
        }));
    }

    /** Fails with its work done, so that a store that kept it would be found out. */
    private static String handled(String id) {
        HANDLING.set(true);
        if (isPoison(id)) {
            throw new PoisonException(id);
        }
        return id;
    }

    private static KafkaClients clients(String point, int occurrence) {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                Producer<byte[], byte[]> producer = KafkaClients.super.producer(config);
                return point.equals(SURVIVES) || CrashPoint.valueOf(point).isOfTheDatabase()
                        ? producer
                        : FaultInjection.producer(producer, fault(CrashPoint.valueOf(point), occurrence, producer));
            }
        };
    }

    private static Fault fault(CrashPoint point, int at, Producer<byte[], byte[]> producer) {
        return switch (point) {
            case BETWEEN_SEND_AND_OFFSETS -> {
                Fault halt = FaultInjection.halt(Step.SEND_OFFSETS, Moment.BEFORE, at);
                yield (step, moment, occurrence) -> {
                    if (step == Step.SEND_OFFSETS && moment == Moment.BEFORE && occurrence == at) {
                        // What is still in the client's buffer would prove nothing.
                        producer.flush();
                    }
                    halt.at(step, moment, occurrence);
                };
            }
            case BEFORE_THE_KAFKA_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.BEFORE, at);
            case DURING_THE_KAFKA_COMMIT -> FaultInjection.haltDuring(Step.COMMIT, at, Duration.ofMillis(2));
            case AFTER_THE_KAFKA_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.AFTER, at);
            case BEFORE_THE_DATABASE_COMMIT, AFTER_THE_DATABASE_COMMIT ->
                throw new IllegalArgumentException(point + " is not the producer's");
        };
    }

    /** Connections whose commits end the process at this one, counted over all of them. */
    private static DataSource dying(String jdbcUrl, String point, int at) {
        var database = new PGSimpleDataSource();
        database.setUrl(jdbcUrl);
        var commits = new AtomicInteger();
        boolean before = point.equals(CrashPoint.BEFORE_THE_DATABASE_COMMIT.name());
        boolean after = point.equals(CrashPoint.AFTER_THE_DATABASE_COMMIT.name());
        return before || after
                ? Commits.watched(database, (Connection connection, Commits.Step step) -> {
                    // Not those of the start; and handlers commit beside each other: only one of them sees the number.
                    if (HANDLING.get() && (step == Commits.Step.BEFORE) == before && commits.incrementAndGet() == at) {
                        Runtime.getRuntime().halt(KILLED);
                    }
                })
                : database;
    }
}
