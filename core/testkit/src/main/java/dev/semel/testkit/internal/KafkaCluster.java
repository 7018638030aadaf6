package dev.semel.testkit.internal;

/** A running cluster that tests connect to. Safe for use by several threads. */
public interface KafkaCluster extends AutoCloseable {

    /**
     * The address, stable while the cluster lives.
     *
     * @return a {@code bootstrap.servers} list
     */
    String bootstrapServers();

    /**
     * The number of nodes.
     *
     * @return at least 1
     */
    int size();

    /**
     * The nodes to stop and start, or a refusal with its reason.
     *
     * @return never null
     */
    BrokerNodes nodes();

    /** Stops what was started for this cluster; an existing cluster is left running. */
    @Override
    void close();
}
