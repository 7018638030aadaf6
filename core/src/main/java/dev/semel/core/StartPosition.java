package dev.semel.core;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.OffsetSpec;

/**
 * Where a consumer group starts on a topic of which it has committed no offset at all.
 *
 * <p>{@link #latest()} and {@link #at} are settled once, for all partitions of the topic, by the first {@code start()} of the
 * group, and committed before it joins: a crash right after that skips nothing. Partitions that are added to the topic later
 * start at their beginning, whatever is said here, and so does a topic that is added while other members of the group run.
 */
public final class StartPosition {

    private final String name;
    private final Optional<OffsetSpec> spec;

    private StartPosition(String name, Optional<OffsetSpec> spec) {
        this.name = name;
        this.spec = spec;
    }

    /** At the first record that is retained: the default. */
    public static StartPosition earliest() {
        return new StartPosition("earliest", Optional.empty());
    }

    /** Behind the last record there is when the group starts for the first time. */
    public static StartPosition latest() {
        return new StartPosition("latest", Optional.of(OffsetSpec.latest()));
    }

    /** At the first record with this timestamp or a later one; behind the last where there is none. */
    public static StartPosition at(Instant time) {
        Objects.requireNonNull(time, "time");
        return new StartPosition("at " + time, Optional.of(OffsetSpec.forTimestamp(time.toEpochMilli())));
    }

    /** What to ask the broker for; empty for the beginning. */
    Optional<OffsetSpec> spec() {
        return spec;
    }

    @Override
    public String toString() {
        return name;
    }
}
