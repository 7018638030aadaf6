package dev.semel.core.health;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * How a processor is at one moment: three probes, each for another reaction, and the partitions that are held up.
 *
 * <table>
 *   <caption>Which probe fails</caption>
 *   <tr><th>probe</th><th>fails where</th><th>what helps</th></tr>
 *   <tr><td>startup</td><td>the checks of {@code start()} have not passed, or one has failed</td><td>time, or a person</td></tr>
 *   <tr><td>liveness</td><td>the poll loop stands still, or the processor has FAILED after its start</td><td>a new
 *       process</td></tr>
 *   <tr><td>readiness</td><td>it is no member of its group, is paused, cannot reach the cluster, or is not there</td><td>time,
 *       or a person; not a new process</td></tr>
 * </table>
 *
 * <p>A wedge fails no probe: a new process would meet the same record or the same open transaction, and a probe that fails for
 * it would hold up the roll-out of what mends it. Raise an alarm for it.
 *
 * @param state the processor's
 * @param startup whether the start checks have passed
 * @param liveness whether the poll loop moves. Ok before the start checks have passed, which is the startup probe's to tell
 * @param readiness whether it takes part in its group
 * @param wedges the partitions assigned here that are held up; empty while the processor is paused or cannot reach the cluster,
 *     which readiness tells
 * @param lags of each partition assigned here, how many offsets lie between what is committed and the high watermark, as last
 *     looked at; partitions that could not be looked at yet are left out
 */
public record Health(
        ProcessorState state,
        Probe startup,
        Probe liveness,
        Probe readiness,
        List<Wedge> wedges,
        Map<TopicPartition, Long> lags) {

    public Health {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(startup, "startup");
        Objects.requireNonNull(liveness, "liveness");
        Objects.requireNonNull(readiness, "readiness");
        wedges = List.copyOf(wedges);
        lags = Map.copyOf(lags);
    }

    /**
     * The readiness probe for those who want lag in it: fails as well where a partition lags by more than this. A roll-out that
     * waits for it waits for the backlog too, also where the backlog is what the roll-out is to mend.
     *
     * @param maxLag in offsets, for each partition
     */
    public Probe readiness(long maxLag) {
        if (!readiness.ok()) {
            return readiness;
        }
        Optional<Map.Entry<TopicPartition, Long>> worst =
                lags.entrySet().stream().max(Map.Entry.comparingByValue());
        return worst.filter(entry -> entry.getValue() > maxLag)
                .map(entry -> Probe.failing(
                        entry.getKey() + " lags by " + entry.getValue() + " offsets, more than " + maxLag))
                .orElse(readiness);
    }
}
