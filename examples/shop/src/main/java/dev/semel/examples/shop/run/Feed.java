package dev.semel.examples.shop.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.event.CloudEvents;
import dev.semel.core.event.RecordPosition;
import dev.semel.examples.shop.balance.Expected;
import dev.semel.examples.shop.balance.Sent;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.input.InputFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends inputs as applications do that know nothing of the services. For one thread. */
final class Feed implements AutoCloseable {

    private static final int SEND_TIMEOUT_MS = 60_000;
    private static final int REQUEST_TIMEOUT_MS = 20_000;

    private final ShopNames names;
    private final Producer<byte[], byte[]> producer;
    private final List<Pending> sent = new ArrayList<>();
    private volatile @Nullable Exception failure;

    /** What was handed to the producer. */
    private record Pending(Input input, Expected expected, Future<RecordMetadata> answer) {}

    Feed(String bootstrapServers, ShopNames names) {
        this.names = names;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        InputFile.MAX_LINE_BYTES + 64 * 1024,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        SEND_TIMEOUT_MS,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        REQUEST_TIMEOUT_MS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        SEND_TIMEOUT_MS),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void send(Input input, Expected expected) {
        var headers = new RecordHeaders()
                .add(CloudEvents.SPEC_VERSION, "1.0".getBytes(UTF_8))
                .add(CloudEvents.ID, input.id().id().getBytes(UTF_8))
                .add(CloudEvents.SOURCE, input.id().source().getBytes(UTF_8))
                .add(ShopNames.INPUT_HEADER, Integer.toString(input.number()).getBytes(UTF_8));
        var record =
                new ProducerRecord<>(topic(input.kind()), null, input.key().getBytes(UTF_8), input.value(), headers);
        sent.add(new Pending(input, expected, producer.send(record, (place, refused) -> {
            if (refused != null && failure == null) {
                failure = refused;
            }
        })));
    }

    private String topic(Input.Kind kind) {
        return kind == Input.Kind.ORDER ? names.orders() : names.payments();
    }

    /** Fails where something could not be sent. */
    void checkSent() {
        if (failure != null) {
            throw new RunFailedException("not all could be sent: " + failure, failure);
        }
    }

    int count() {
        return sent.size();
    }

    /** Waits until all is acknowledged, and tells where it lies. */
    List<Sent> acknowledged() throws InterruptedException {
        var acknowledged = new ArrayList<Sent>();
        for (Pending pending : sent) {
            try {
                RecordMetadata place = pending.answer().get();
                acknowledged.add(new Sent(
                        pending.input(),
                        pending.expected(),
                        new RecordPosition(place.topic(), place.partition(), place.offset())));
            } catch (ExecutionException e) {
                Input input = pending.input();
                throw new RunFailedException(
                        "input " + input.number() + " could not be sent to " + topic(input.kind()) + ": "
                                + e.getCause(),
                        e);
            }
        }
        return acknowledged;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
