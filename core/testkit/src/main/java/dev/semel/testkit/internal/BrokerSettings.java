package dev.semel.testkit.internal;

import java.util.Map;
import java.util.TreeMap;

/** Settings with which a broker suits tests: quick to start, quick to notice, and never in the way with defaults. */
public final class BrokerSettings {

    private BrokerSettings() {}

    /**
     * The settings of every node of a cluster.
     *
     * @param brokers the number of nodes, to which the replication of topics is fitted
     * @return names and values of {@code server.properties}, to change as wanted
     */
    public static Map<String, String> forTests(int brokers) {
        String replicas = Integer.toString(Math.min(3, brokers));
        String inSync = brokers < 3 ? "1" : "2";
        Map<String, String> settings = new TreeMap<>();

        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", replicas);
        settings.put("min.insync.replicas", inSync);
        settings.put("offsets.topic.replication.factor", replicas);
        settings.put("transaction.state.log.replication.factor", replicas);
        settings.put("transaction.state.log.min.isr", inSync);
        settings.put("share.coordinator.state.topic.replication.factor", replicas);
        settings.put("share.coordinator.state.topic.min.isr", inSync);

        // Few partitions, since each is created, opened and replicated before the first group or transaction can go on.
        settings.put("offsets.topic.num.partitions", "3");
        settings.put("transaction.state.log.num.partitions", "3");
        settings.put("share.coordinator.state.topic.num.partitions", "3");

        // No waiting for members that will not come, and members that died are noticed soon.
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "500");
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", "10000");
        settings.put("group.consumer.min.heartbeat.interval.ms", "100");
        settings.put("group.consumer.heartbeat.interval.ms", "1000");

        // An abandoned transaction ends at its own timeout, not up to 10 s later.
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");

        settings.put("broker.heartbeat.interval.ms", "500");

        // Deleted topics give back their disk space while the tests run.
        settings.put("file.delete.delay.ms", "1000");

        // A test has a handful of clients: fewer threads and smaller buffers than a server in production.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        return settings;
    }

    /**
     * What brokers that are stopped and started have on top, for outages that are over when the brokers are back. Too hasty
     * for a cluster on a busy machine that is not stopped anyway.
     *
     * @return names and values
     */
    public static Map<String, String> forRestarts() {
        return Map.of(
                // A broker that comes back is let in only when its former session is over.
                "broker.session.timeout.ms", "2000",
                "broker.heartbeat.interval.ms", "250",
                // Transaction markers that were on their way to brokers going down are sent again after this.
                "request.timeout.ms", "3000");
    }
}
