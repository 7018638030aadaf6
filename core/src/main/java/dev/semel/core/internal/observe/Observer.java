package dev.semel.core.internal.observe;

import dev.semel.core.health.Health;
import dev.semel.core.health.Wedge;
import dev.semel.core.internal.handle.Timer;
import dev.semel.core.internal.poll.Lifecycle;
import dev.semel.core.internal.poll.PartitionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a processor from its start to its end: looks at the ends of its partitions time and again, and tells how it is whenever
 * asked.
 *
 * <p>Threading: asked by any thread. It looks on the timer's thread and takes answers on the admin client's; neither is blocked.
 */
public final class Observer {

    private static final Logger log = LoggerFactory.getLogger(Observer.class);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private final ObserveSettings settings;
    private final LongSupplier nanoTime;
    private final LiveView view;
    private final Probes probes;
    private final WedgeRule rule;
    private final Duration pause;

    private volatile @Nullable ProcessorMetrics metrics;
    private Map<TopicPartition, Ends> ends = Map.of();
    private Map<TopicPartition, Progress> progress = Map.of();
    private Map<TopicPartition, Progress> redriven = Map.of();
    private long answeredNanos;
    private String failure = "no answer yet";

    public Observer(Lifecycle lifecycle, ObserveSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.view = new LiveView(lifecycle);
        this.probes = new Probes(view, settings.stalledAfter());
        this.rule = new WedgeRule(settings.wedgeAfter());
        this.pause = pause(settings.wedgeAfter());
    }

    /** A wedge is seen at most this much later than it is one. */
    private static Duration pause(Duration wedgeAfter) {
        Duration quarter = wedgeAfter.dividedBy(4);
        if (quarter.compareTo(LONGEST_PAUSE) > 0) {
            return LONGEST_PAUSE;
        }
        return quarter.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : quarter;
    }

    /** The start checks have passed; looks from now on, for as long as the timer runs. */
    public void begins(Rooms rooms, Admin admin, Timer timer) {
        synchronized (this) {
            answeredNanos = nanoTime.getAsLong();
        }
        view.begins(rooms.poll());
        metrics = new ProcessorMetrics(settings, rooms, this::health, nanoTime);
        look(new EndOffsets(admin, settings.group()), timer);
    }

    private void look(EndOffsets offsets, Timer timer) {
        Collection<PartitionView> partitions = view.partitions();
        try {
            offsets.ask(names(partitions, false), names(partitions, true)).whenComplete((answer, silence) -> {
                try {
                    takes(answer, silence);
                    followAssignment();
                } finally {
                    timer.after(pause, () -> look(offsets, timer));
                }
            });
        } catch (RuntimeException e) {
            // An admin client that is closed, at the end: then the timer has ended too.
            takes(null, e);
            timer.after(pause, () -> look(offsets, timer));
        }
    }

    private static Set<TopicPartition> names(Collection<PartitionView> partitions, boolean unbegun) {
        return partitions.stream()
                .filter(partition -> !unbegun || partition.committedOffset() < 0)
                .map(PartitionView::partition)
                .collect(Collectors.toSet());
    }

    private synchronized void takes(@Nullable Map<TopicPartition, Ends> answer, @Nullable Throwable silence) {
        long now = nanoTime.getAsLong();
        if (answer == null) {
            failure = String.valueOf(
                    silence instanceof CompletionException && silence.getCause() != null
                            ? silence.getCause()
                            : silence);
            log.debug("Processor {}: the ends of its partitions were not told", settings.group(), silence);
            return;
        }
        if (isSilent(now)) {
            // What was not done while the cluster was away is no wedge: the time begins anew.
            progress = Map.of();
            redriven = Map.of();
        }
        answeredNanos = now;
        ends = answer;
        var next = new HashMap<TopicPartition, Progress>();
        for (PartitionView seen : view.partitions()) {
            @Nullable Ends told = answer.get(seen.partition());
            if (told != null && !view.paused() && !seen.full()) {
                next.put(
                        seen.partition(),
                        Progress.of(progress.get(seen.partition()), WedgeRule.committed(seen, told), told.high(), now));
            }
        }
        progress = next;
        redriven = redriven(now);
    }

    /** What was handed in again holds up no offset: its end is the progress. */
    private Map<TopicPartition, Progress> redriven(long now) {
        var next = new HashMap<TopicPartition, Progress>();
        for (PartitionView seen : view.partitions()) {
            long oldest = seen.redeliveryOffset();
            if (oldest >= 0 && !view.paused()) {
                next.put(seen.partition(), Progress.of(redriven.get(seen.partition()), oldest, oldest + 1, now));
            }
        }
        return next;
    }

    private boolean isSilent(long nowNanos) {
        return nowNanos - answeredNanos > Probes.SILENCE.toNanos();
    }

    private void followAssignment() {
        @Nullable ProcessorMetrics shown = metrics;
        if (shown != null) {
            shown.followAssignment();
        }
    }

    /** The metrics of the processor; none before its start checks have passed, nor after its end. */
    public Map<MetricName, ? extends Metric> metrics() {
        @Nullable ProcessorMetrics shown = metrics;
        return shown == null ? Map.of() : shown.all();
    }

    /** The processor has ended: its metrics are of no use any more. */
    public void ends() {
        @Nullable ProcessorMetrics shown = metrics;
        if (shown != null) {
            shown.close();
        }
    }

    /** How the processor is now. */
    public synchronized Health health() {
        long now = nanoTime.getAsLong();
        Optional<Silence> silence =
                view.started() && isSilent(now) ? Optional.of(new Silence(answeredNanos, failure)) : Optional.empty();
        return new Health(
                view.state(),
                probes.startup(),
                probes.liveness(now),
                probes.readiness(now, silence),
                silence.isPresent() || view.paused() ? List.of() : wedges(now),
                lags());
    }

    private List<Wedge> wedges(long nowNanos) {
        var wedges = new ArrayList<Wedge>();
        for (PartitionView seen : view.partitions()) {
            @Nullable Ends told = ends.get(seen.partition());
            @Nullable Progress since = progress.get(seen.partition());
            if (told != null && since != null) {
                rule.judge(seen, told, since, nowNanos).ifPresent(wedges::add);
            }
            @Nullable Progress again = redriven.get(seen.partition());
            if (again != null) {
                rule.judgeRedelivery(seen, again, nowNanos).ifPresent(wedges::add);
            }
        }
        return wedges;
    }

    private Map<TopicPartition, Long> lags() {
        var lags = new HashMap<TopicPartition, Long>();
        for (PartitionView seen : view.partitions()) {
            @Nullable Ends told = ends.get(seen.partition());
            // Unknown is not the whole log.
            if (told != null && (seen.committedOffset() >= 0 || told.begin() >= 0)) {
                lags.put(seen.partition(), Math.max(0, told.high() - WedgeRule.committed(seen, told)));
            }
        }
        return lags;
    }
}
