package dev.semel.examples.benchmarks.contestant;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * What a contestant is told, the same for all.
 *
 * @param kind which one it is
 * @param bootstrapServers the cluster
 * @param input the topic to read
 * @param output the topic to write
 * @param group its name, new in each run; also part of transactional ids
 * @param handler how long the handler blocks for each record; zero for not at all
 * @param commitInterval how often it commits, where it can be told
 * @param records after how many records the run is over; 0 for when the process is stopped
 * @param sample how often the process says how much heap is in use after a full collection; zero for never
 */
public record Settings(
        Kind kind,
        String bootstrapServers,
        String input,
        String output,
        String group,
        Duration handler,
        Duration commitInterval,
        long records,
        Duration sample) {

    /** As arguments of the contestant's process. */
    public List<String> arguments() {
        return List.of(
                "kind=" + kind.id(),
                "bootstrap=" + bootstrapServers,
                "input=" + input,
                "output=" + output,
                "group=" + group,
                "handler=" + handler,
                "commit=" + commitInterval,
                "records=" + records,
                "sample=" + sample);
    }

    static Settings read(String... arguments) {
        Map<String, String> named = Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        return new Settings(
                Kind.of(required(named, "kind")),
                required(named, "bootstrap"),
                required(named, "input"),
                required(named, "output"),
                required(named, "group"),
                Duration.parse(required(named, "handler")),
                Duration.parse(required(named, "commit")),
                Long.parseLong(required(named, "records")),
                Duration.parse(required(named, "sample")));
    }

    private static String required(Map<String, String> named, String name) {
        String value = named.get(name);
        if (value == null) {
            throw new IllegalArgumentException("argument " + name + "=... is missing");
        }
        return value;
    }

    /** What connects any client. */
    Map<String, Object> cluster() {
        return new HashMap<>(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /** A consumer's settings: what exactly-once needs, and Kafka's defaults. */
    Map<String, Object> consumer() {
        Map<String, Object> config = cluster();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return config;
    }

    /** A producer's settings, without the transactional id: Kafka's defaults, and the retry backoff that all have. */
    Map<String, Object> producer() {
        Map<String, Object> config = cluster();
        config.putAll(promptRetries());
        return config;
    }

    /**
     * A transaction that begins while the markers of the last one are on their way waits for the backoff, 100 ms by default.
     * Semel sets 10 ms where it is not told otherwise; so do all here.
     */
    static Map<String, Object> promptRetries() {
        return Map.of(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    }
}
