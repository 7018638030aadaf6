package dev.semel.idempotency.internal.kafka;

import dev.semel.core.participant.Participation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/** A processor that is none, as a participant sees it. */
public final class FakeParticipation implements Participation {

    private final String group;
    private final Set<String> topics;
    private final Map<String, Object> kafka;
    private @Nullable String letters;
    private Duration handover = Duration.ofMinutes(1);
    private volatile Instant now = Instant.ofEpochMilli(1_767_225_600_000L);

    private FakeParticipation(String group, Set<String> topics, Map<String, Object> kafka) {
        this.group = group;
        this.topics = topics;
        this.kafka = kafka;
    }

    public static FakeParticipation of(String group, String... topics) {
        return new FakeParticipation(group, Set.of(topics), Map.of("bootstrap.servers", "localhost:1"));
    }

    FakeParticipation at(Map<String, Object> clientConfig) {
        return new FakeParticipation(group, topics, clientConfig).letters(letters);
    }

    FakeParticipation letters(@Nullable String topic) {
        letters = topic;
        return this;
    }

    FakeParticipation handover(Duration time) {
        handover = time;
        return this;
    }

    void passes(Duration time) {
        now = now.plus(time);
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Set<String> topics() {
        return topics;
    }

    @Override
    public Optional<String> deadLetterTopic() {
        return Optional.ofNullable(letters);
    }

    @Override
    public Map<String, Object> adminConfig() {
        return kafka;
    }

    @Override
    public Map<String, Object> consumerConfig() {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return config;
    }

    @Override
    public Duration longestHandover() {
        return handover;
    }

    @Override
    public Duration handlerDeadline() {
        return Duration.ofMinutes(1);
    }

    @Override
    public InstantSource clock() {
        return () -> now;
    }

    @Override
    public Duration startTimeLeft() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void unavailable(String reason) {
        throw new AssertionError("unavailable: " + reason);
    }

    @Override
    public void available() {
        throw new AssertionError("available");
    }

    @Override
    public byte @Nullable [] sequence(byte @Nullable [] key) {
        return key;
    }

    @Override
    public boolean isOrdered() {
        return true;
    }

    @Override
    public Optional<String> paused() {
        return Optional.empty();
    }

    @Override
    public void wakeUp() {}
}
