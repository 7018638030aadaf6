package dev.semel.core;

import dev.semel.core.internal.poll.Lifecycle;
import dev.semel.core.participant.Participation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The processor, as one of its participants sees it. */
final class ProcessorParticipation implements Participation {

    private final ProcessorSettings<?, ?> settings;
    private final Lifecycle lifecycle;
    private final Supplier<Duration> startTimeLeft;

    /** @param startTimeLeft of the whole processor's start */
    ProcessorParticipation(ProcessorSettings<?, ?> settings, Lifecycle lifecycle, Supplier<Duration> startTimeLeft) {
        this.settings = settings;
        this.lifecycle = lifecycle;
        this.startTimeLeft = startTimeLeft;
    }

    @Override
    public String group() {
        return settings.group();
    }

    @Override
    public Set<String> topics() {
        return settings.topics();
    }

    @Override
    public Optional<String> deadLetterTopic() {
        return settings.deadLetterTopic();
    }

    @Override
    public Map<String, Object> adminConfig() {
        return settings.configs().admin();
    }

    @Override
    public Map<String, Object> consumerConfig() {
        return settings.configs().reader();
    }

    @Override
    public Duration longestHandover() {
        return settings.handlerDeadline()
                .plus(settings.drainTimeout())
                .plus(settings.configs().maxPollInterval())
                .plus(settings.configs().transactionTimeout())
                .plus(RunningProcessor.CLEAN_UP_ALLOWANCE);
    }

    @Override
    public Duration handlerDeadline() {
        return settings.handlerDeadline();
    }

    @Override
    public byte @Nullable [] sequence(byte @Nullable [] key) {
        return settings.lanes().sequencing().sequence(key);
    }

    @Override
    public boolean isOrdered() {
        return settings.lanes().sequencing().sequence(new byte[0]) != null;
    }

    @Override
    public Optional<String> paused() {
        return lifecycle.paused();
    }

    @Override
    public void wakeUp() {
        lifecycle.wakeUp();
    }

    @Override
    public InstantSource clock() {
        return settings.clock();
    }

    @Override
    public Duration startTimeLeft() {
        return startTimeLeft.get();
    }

    @Override
    public void unavailable(String reason) {
        lifecycle.unavailable(this, reason);
    }

    @Override
    public void available() {
        lifecycle.available(this);
    }
}
