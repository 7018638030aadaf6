package dev.semel.core.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON, read with Jackson into one Java type (a record, or a sealed family of them with Jackson's annotations), with
 * an explicit version. Immutable.
 *
 * <p>Reading is strict where a guess would change the meaning, and lenient where a newer writer only said more:
 *
 * <ul>
 *   <li>a component of a record is required, unless it is annotated {@code @Nullable} or is an {@code Optional}; missing or
 *       null, it makes the event unreadable;
 *   <li>a value of another type, a fraction for a whole number, or text after the end makes it unreadable;
 *   <li>a field that the type does not have is ignored;
 *   <li>an empty or null value makes it unreadable.
 * </ul>
 *
 * <p>The version comes from the record ({@link CloudEvents#DATA_VERSION} by default, 1 where it does not say). Older versions
 * are brought up by {@link #upcast upcasters}, one step a version; a newer one than is known fails with
 * {@link FailureClass#SCHEMA_TOO_NEW} and is never read as what it is not.
 *
 * <p>Times are ISO-8601 text, or numbers of seconds since the epoch where a writer prefers them. Outputs are written as JSON
 * whatever their type, with {@code content-type} and {@code ce_dataversion} unless the handler gave these.
 *
 * @param <K> the type of the key
 * @param <V> the type of the value
 */
public final class JsonEvents<K extends @Nullable Object, V> implements EventSerde<K, V> {

    private final JsonMapper mapper;
    private final Class<V> type;
    private final ObjectReader reader;
    private final Serde<K> keys;
    private final Upcasters upcasters;

    private JsonEvents(JsonMapper mapper, Class<V> type, Serde<K> keys, Upcasters upcasters) {
        this.mapper = mapper;
        this.type = type;
        this.reader = mapper.readerFor(type);
        this.keys = keys;
        this.upcasters = upcasters;
    }

    /** Events of this type, with text keys in UTF-8. */
    public static <V> JsonEvents<String, V> of(Class<V> type) {
        return new JsonEvents<>(
                StrictJson.mapper(), Objects.requireNonNull(type, "type"), Serdes.String(), Upcasters.NONE);
    }

    /** Reads keys, and writes those of outputs, with another serde. */
    public <L extends @Nullable Object> JsonEvents<L, V> keys(Serde<L> serde) {
        return new JsonEvents<>(mapper, type, Objects.requireNonNull(serde, "serde"), upcasters);
    }

    /**
     * Brings events of a type from one version to the next. The steps of a type must leave no gap up to the newest version,
     * which is where the last of them ends.
     *
     * @param eventType the type as the record names it
     * @param fromVersion the version that is read; the result is of the next one
     * @throws ConfigurationException where it is less than 1, or has an upcaster already
     */
    public JsonEvents<K, V> upcast(String eventType, int fromVersion, Upcaster upcaster) {
        Objects.requireNonNull(eventType, "eventType");
        Objects.requireNonNull(upcaster, "upcaster");
        return new JsonEvents<>(mapper, type, keys, upcasters.with(eventType, fromVersion, upcaster));
    }

    /**
     * Says which version of a type is the newest, where no upcaster says so: all older ones are gone.
     *
     * @param eventType the type as the record names it
     * @param newest the newest version, which this reader's Java type is made for
     * @throws ConfigurationException where it is less than 1
     */
    public JsonEvents<K, V> version(String eventType, int newest) {
        Objects.requireNonNull(eventType, "eventType");
        return new JsonEvents<>(mapper, type, keys, upcasters.newest(eventType, newest));
    }

    @Override
    public void check() {
        upcasters.check();
    }

    @Override
    public K readKey(RawEvent event) {
        return keys.deserializer()
                .deserialize(
                        event.record().topic(),
                        event.record().headers(),
                        event.record().key());
    }

    @Override
    public V readValue(RawEvent event) throws Exception {
        byte @Nullable [] json = event.record().value();
        if (json == null || json.length == 0) {
            throw unreadable("empty value", json == null ? "the value is null" : "the value has no bytes", null);
        }
        if (event.type() == null && upcasters.areVersioned()) {
            throw unreadable(
                    "no type",
                    "the event does not say its type (header " + CloudEvents.TYPE
                            + " by default), so it cannot be told which upcasters it needs",
                    null);
        }
        int current = upcasters.current(event.type());
        if (event.version() > current) {
            throw new UnreadableEventException(
                    FailureClass.SCHEMA_TOO_NEW,
                    "version " + event.version() + " of " + event.type(),
                    "event of type '" + event.type() + "' has version " + event.version() + ", but this reader knows "
                            + current + " at most: upgrade it, then redrive",
                    null);
        }
        try {
            return notNull(event.version() == current ? reader.readValue(json) : upcast(event, json));
        } catch (JsonProcessingException e) {
            throw unreadable(fault(e), e.getMessage(), e);
        }
    }

    private V upcast(RawEvent event, byte[] json) throws Exception {
        if (!(mapper.readTree(json) instanceof ObjectNode object)) {
            throw unreadable("no JSON object", "the value is JSON, but no object, and cannot be upcast", null);
        }
        JsonNode upcast = upcasters.upcast(event.type(), event.version(), object);
        return reader.readValue(upcast);
    }

    private static <V> V notNull(@Nullable V value) {
        if (value == null) {
            throw unreadable("empty value", "the value is the JSON null", null);
        }
        return value;
    }

    @Override
    public byte @Nullable [] writeKey(String topic, Headers headers, @Nullable Object key) {
        return KafkaSerdes.write(keys.serializer(), topic, headers, key);
    }

    @Override
    public byte @Nullable [] writeValue(String topic, Headers headers, @Nullable Object value) throws Exception {
        if (value == null) {
            return null;
        }
        CloudEvents.addIfAbsent(headers, CloudEvents.CONTENT_TYPE, "application/json");
        CloudEvents.addIfAbsent(
                headers,
                CloudEvents.DATA_VERSION,
                Integer.toString(upcasters.current(CloudEvents.text(headers, CloudEvents.TYPE))));
        return mapper.writeValueAsBytes(value);
    }

    private static UnreadableEventException unreadable(
            String fault, @Nullable String detail, @Nullable Exception cause) {
        return new UnreadableEventException(
                FailureClass.DESERIALIZATION_FAILED, fault, detail == null ? fault : detail, cause);
    }

    /** The fault without the data: where it is, and Jackson's words without what they quote, count or locate. */
    private static String fault(JsonProcessingException e) {
        String words = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
        String stable = words.replaceAll("\"[^\"]*\"|'[^']*'|\\([^)]*\\)|\\d+", "#");
        return e instanceof JsonMappingException mapping ? path(mapping) + ": " + stable : stable;
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }
}
