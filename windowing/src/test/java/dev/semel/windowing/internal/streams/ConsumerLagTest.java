package dev.semel.windowing.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.LagReporter;
import dev.semel.windowing.watermark.InputLag;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.stats.Value;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a thread hears of its consumer's lag, and of no other's. */
class ConsumerLagTest {

    private static final String THREAD = "app-StreamThread-1";

    /** A consumer's metrics, with the lag of one partition. */
    private static Metrics consumer(String thread, String topic, int partition, long lag) {
        var metrics = new Metrics(new MetricConfig(), List.of(new LagReporter()), Time.SYSTEM);
        var sensor = metrics.sensor(topic + "-" + partition + ".records-lag");
        sensor.add(
                new MetricName(
                        "records-lag",
                        "consumer-fetch-manager-metrics",
                        "",
                        Map.of(
                                "client-id",
                                thread + "-consumer",
                                "topic",
                                topic,
                                "partition",
                                Integer.toString(partition))),
                new Value());
        sensor.record(lag);
        return metrics;
    }

    private static long heard(String thread, String input) throws InterruptedException {
        var heard = new AtomicLong(Long.MIN_VALUE);
        var asking = new Thread(() -> heard.set(ConsumerLag.ofThisThread().records(input)), thread);
        asking.start();
        asking.join();
        return heard.get();
    }

    @Test
    @DisplayName("a thread hears the lag of its own consumer's partitions; of others, nothing is known")
    void itsOwn() throws Exception {
        try (var one = consumer(THREAD, "dotted.topic", 0, 7);
                var other = consumer("other-StreamThread-1", "dotted.topic", 0, 9)) {
            assertThat(heard(THREAD, "dotted.topic-0")).isEqualTo(7);
            assertThat(heard("other-StreamThread-1", "dotted.topic-0")).isEqualTo(9);
            assertThat(heard(THREAD, "dotted.topic-1")).isEqualTo(InputLag.UNKNOWN);
            assertThat(heard("app-StreamThread-2", "dotted.topic-0")).isEqualTo(InputLag.UNKNOWN);
            one.removeSensor("dotted.topic-0.records-lag");
            assertThat(heard(THREAD, "dotted.topic-0")).isEqualTo(InputLag.UNKNOWN);
            assertThat(other.metrics()).isNotEmpty();
        }
    }

    /** A closed consumer closes its metrics, and removes none of a partition before. */
    @Test
    @DisplayName("what a closed consumer said last is forgotten: the thread that replaces its own has the same name")
    void aClosedConsumer() throws Exception {
        consumer(THREAD, "events", 0, 0).close();
        assertThat(heard(THREAD, "events-0")).isEqualTo(InputLag.UNKNOWN);
    }

    @Test
    @DisplayName("what the next consumer of the same name has said stays when the one before is closed after it")
    void closedAfterTheNext() throws Exception {
        Metrics before = consumer(THREAD, "events", 0, 0);
        try (var next = consumer(THREAD, "events", 0, 5)) {
            before.close();
            assertThat(heard(THREAD, "events-0")).isEqualTo(5);
            assertThat(next.metrics()).isNotEmpty();
        }
    }
}
