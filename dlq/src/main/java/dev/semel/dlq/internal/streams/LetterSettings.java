package dev.semel.dlq.internal.streams;

import dev.semel.core.failure.Redactor;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * What the properties of a topology say about its letters.
 *
 * @param application the application id
 * @param topic takes the letters
 * @param applicationVersion written in the letters, unless it is null
 * @param redactor decides what letters tell of exceptions
 * @param maxBytes the largest letter
 * @param exactlyOnce whether a task's outputs and offsets are one transaction
 */
public record LetterSettings(
        String application,
        String topic,
        @Nullable String applicationVersion,
        Redactor redactor,
        int maxBytes,
        boolean exactlyOnce) {

    public static final String TOPIC = "semel.dead.letter.topic";
    public static final String APP_VERSION = "semel.app.version";
    public static final String REDACTOR = "semel.dead.letter.redactor";
    public static final String MAX_BYTES = "semel.dead.letter.max.bytes";

    private static final String PRODUCERS_LIMIT = ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
    private static final int DEFAULT_PRODUCERS_LIMIT = 1024 * 1024;

    private static final ConfigDef DEFINITION = new ConfigDef()
            .define(StreamsConfig.APPLICATION_ID_CONFIG, Type.STRING, Importance.HIGH, "")
            .define(
                    StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                    Type.STRING,
                    StreamsConfig.AT_LEAST_ONCE,
                    Importance.HIGH,
                    "")
            .define(TOPIC, Type.STRING, "", Importance.HIGH, "")
            .define(APP_VERSION, Type.STRING, null, Importance.LOW, "")
            .define(REDACTOR, Type.CLASS, null, Importance.MEDIUM, "")
            .define(MAX_BYTES, Type.INT, null, Importance.LOW, "")
            .define(PRODUCERS_LIMIT, Type.INT, DEFAULT_PRODUCERS_LIMIT, Importance.LOW, "")
            .define(StreamsConfig.producerPrefix(PRODUCERS_LIMIT), Type.INT, null, Importance.LOW, "");

    /** @throws ConfigException where they cannot work, naming the property */
    public static LetterSettings of(Map<String, ?> properties) {
        var config = new AbstractConfig(DEFINITION, properties, false);
        String topic = config.getString(TOPIC).strip();
        if (topic.isEmpty()) {
            throw new ConfigException("property " + TOPIC
                    + " is missing: it names the topic that takes the dead letters of the topology");
        }
        @Nullable Redactor redactor = config.getConfiguredInstance(REDACTOR, Redactor.class);
        return new LetterSettings(
                config.getString(StreamsConfig.APPLICATION_ID_CONFIG),
                topic,
                config.getString(APP_VERSION),
                redactor == null ? Redactor.none() : redactor,
                maxBytes(config),
                config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG).startsWith("exactly_once"));
    }

    private static int maxBytes(AbstractConfig config) {
        @Nullable Integer own = config.getInt(MAX_BYTES);
        if (own != null && own < 1) {
            throw new ConfigException(MAX_BYTES, own, "the largest letter is at least 1 byte");
        }
        @Nullable Integer prefixed = config.getInt(StreamsConfig.producerPrefix(PRODUCERS_LIMIT));
        int producers = prefixed == null ? config.getInt(PRODUCERS_LIMIT) : prefixed;
        return own == null ? producers : Math.min(own, producers);
    }
}
