package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.participant.Participation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A processor that notes what it is told. */
final class FakeProcessor implements Participation {

    private final List<String> told = new ArrayList<>();

    /** The real one, unless a test sets it. */
    private volatile InstantSource clock = InstantSource.system();

    void clockSays(long millis) {
        clock = InstantSource.fixed(Instant.ofEpochMilli(millis));
    }

    /** What it was told, in order. */
    synchronized List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public synchronized void unavailable(String reason) {
        told.add("unavailable: " + reason);
    }

    @Override
    public synchronized void available() {
        told.add("available");
    }

    @Override
    public String group() {
        return "group";
    }

    @Override
    public Set<String> topics() {
        return Set.of("orders");
    }

    @Override
    public Optional<String> deadLetterTopic() {
        return Optional.empty();
    }

    @Override
    public Map<String, Object> adminConfig() {
        return Map.of();
    }

    @Override
    public Map<String, Object> consumerConfig() {
        return Map.of();
    }

    @Override
    public Duration longestHandover() {
        return Duration.ofMinutes(10);
    }

    @Override
    public Duration handlerDeadline() {
        return Duration.ofMinutes(1);
    }

    @Override
    public InstantSource clock() {
        return () -> clock.instant();
    }

    @Override
    public Duration startTimeLeft() {
        return Duration.ofSeconds(30);
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
