package dev.semel.testkit.internal;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** A cluster that somebody else runs. */
public final class ExistingCluster implements KafkaCluster {

    private final String bootstrapServers;
    private final int size;

    private ExistingCluster(String bootstrapServers, int size) {
        this.bootstrapServers = bootstrapServers;
        this.size = size;
    }

    /**
     * Asks the cluster for its nodes.
     *
     * @param bootstrapServers its address
     * @return the cluster
     * @throws org.apache.kafka.common.KafkaException if it does not answer
     */
    public static ExistingCluster connect(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            return new ExistingCluster(
                    bootstrapServers,
                    Answers.of(admin.describeCluster().nodes()).size());
        }
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public BrokerNodes nodes() {
        return BrokerNodes.untouchable("the cluster was there before the tests");
    }

    @Override
    public void close() {
        // It goes on for whoever runs it.
    }
}
