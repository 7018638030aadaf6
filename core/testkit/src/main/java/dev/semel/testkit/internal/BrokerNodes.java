package dev.semel.testkit.internal;

import java.util.List;

/** The nodes of a cluster, to be stopped and started. */
public interface BrokerNodes {

    /**
     * Ids in ascending order; empty if the nodes are not ours to stop.
     *
     * @return the ids
     */
    List<Integer> ids();

    /**
     * Stops a node in an orderly way. No effect on one that is stopped.
     *
     * @param id its id
     */
    void stop(int id);

    /**
     * Starts a node with its data and its port, and waits until its replicas are in sync. No effect on one that runs.
     *
     * @param id its id
     */
    void start(int id);

    /** Stops every node that runs. */
    void stopAll();

    /** Starts every node that is stopped. */
    void startAll();

    /**
     * Whether every node runs, as far as it is known here.
     *
     * @return false after a stop
     */
    boolean allRunning();

    /**
     * Nodes that may not be stopped.
     *
     * @param why completes the sentence "brokers cannot be stopped or started here: "
     * @return nodes that refuse
     */
    static BrokerNodes untouchable(String why) {
        return new BrokerNodes() {
            @Override
            public List<Integer> ids() {
                return List.of();
            }

            @Override
            public void stop(int id) {
                throw refusal();
            }

            @Override
            public void start(int id) {
                throw refusal();
            }

            @Override
            public void stopAll() {
                throw refusal();
            }

            @Override
            public void startAll() {
                throw refusal();
            }

            @Override
            public boolean allRunning() {
                return true;
            }

            private IllegalStateException refusal() {
                return new IllegalStateException("brokers cannot be stopped or started here: " + why);
            }
        };
    }
}
