package dev.semel.examples.benchmarks.contestant;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Parallel Consumer, ordered by key, with its transactional producer. */
final class ParallelConsumerContestant implements Contestant {

    private final Settings settings;
    private final Meter meter;
    private final ParallelStreamProcessor<byte[], byte[]> processor;

    ParallelConsumerContestant(Settings settings, Meter meter, int concurrency) {
        this.settings = settings;
        this.meter = meter;
        Map<String, Object> producer = settings.producer();
        producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.group());
        this.processor =
                ParallelStreamProcessor.createEosStreamProcessor(ParallelConsumerOptions.<byte[], byte[]>builder()
                        .consumer(new KafkaConsumer<>(
                                settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                        .producer(new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer()))
                        .ordering(ProcessingOrder.KEY)
                        .commitMode(CommitMode.PERIODIC_TRANSACTIONAL_PRODUCER)
                        .commitInterval(settings.commitInterval())
                        .maxConcurrency(concurrency)
                        // It looks for the setting in a field that newer clients do not have.
                        .ignoreReflectiveAccessExceptionsForAutoCommitDisabledCheck(true)
                        .build());
        processor.subscribe(List.of(settings.input()));
    }

    @Override
    public void start() {
        processor.pollAndProduce(context -> {
            ConsumerRecord<byte[], byte[]> record = context.getSingleConsumerRecord();
            meter.handle();
            return new ProducerRecord<>(settings.output(), record.key(), record.value());
        });
    }

    @Override
    public void close() {
        processor.closeDrainFirst();
    }
}
