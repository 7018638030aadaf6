package dev.semel.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Events of which three in ten were sent before: with the key that they had, as producers do that send again. */
final class ResentEvents {

    private static final int DUPLICATES_PERCENT = 30;

    private final Random random;
    private final int keys;
    private final List<String> distinct = new ArrayList<>();
    private int sent;

    ResentEvents(long seed, int keys) {
        this.random = new Random(seed);
        this.keys = keys;
    }

    /** The next records, with CloudEvents headers. */
    List<ProducerRecord<byte[], byte[]>> next(String topic, int count) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>(count);
        for (int i = 0; i < count; i++) {
            String id = id();
            byte[] bytes = id.getBytes(UTF_8);
            byte[] key = ("key-" + Math.floorMod(id.hashCode(), keys)).getBytes(UTF_8);
            records.add(new ProducerRecord<>(
                    topic,
                    null,
                    null,
                    key,
                    bytes,
                    List.of(new RecordHeader("ce_id", bytes), new RecordHeader("ce_source", "test".getBytes(UTF_8)))));
        }
        sent += count;
        return records;
    }

    private String id() {
        if (!distinct.isEmpty() && random.nextInt(100) < DUPLICATES_PERCENT) {
            return distinct.get(random.nextInt(distinct.size()));
        }
        String id = "event-" + distinct.size();
        distinct.add(id);
        return id;
    }

    /** The ids so far, each once. */
    List<String> distinct() {
        return distinct;
    }

    /** How many records there were, those included that came again. */
    int sent() {
        return sent;
    }
}
