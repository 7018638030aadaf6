package dev.semel.idempotency;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Orders of which about 30 % come again in the same partition, some at once and some much later.
 *
 * @param records all of them, in the order of sending
 * @param events each once: its id, which is its value
 */
record Feed(List<ProducerRecord<byte[], byte[]>> records, List<String> events) {

    static Feed withDuplicates(Orders orders, int count, long seed) {
        var random = new Random(seed);
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        var events = new ArrayList<String>();
        Map<Integer, List<String>> before = new HashMap<>();
        while (records.size() < count) {
            int partition = random.nextInt(orders.partitions);
            List<String> here = before.computeIfAbsent(partition, any -> new ArrayList<>());
            String id = partition + "/" + here.size();
            if (!here.isEmpty() && random.nextInt(10) < 3) {
                int reach = random.nextBoolean() ? Math.min(5, here.size()) : here.size();
                id = here.get(here.size() - 1 - random.nextInt(reach));
            } else {
                here.add(id);
                events.add(id);
            }
            records.add(orders.order(partition, id, id));
        }
        return new Feed(records, events);
    }
}
