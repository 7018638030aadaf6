package dev.semel.testkit.internal;

import java.util.Locale;
import org.testcontainers.kafka.KafkaContainer;

/**
 * One node in a container. Loaded only if it is chosen, since {@code testcontainers-kafka} is an optional dependency.
 */
public final class ContainerCluster implements KafkaCluster {

    /** The image, of the version of the clients that the testkit is built with. */
    static final String IMAGE = "apache/kafka:4.3.1";

    private final KafkaContainer container;

    private ContainerCluster(KafkaContainer container) {
        this.container = container;
    }

    /**
     * Starts a container and waits until the node in it serves.
     *
     * @return the running cluster
     */
    public static ContainerCluster start() {
        KafkaContainer container = new KafkaContainer(IMAGE);
        BrokerSettings.forTests(1)
                .forEach((name, value) -> container.withEnv(
                        "KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        container.start();
        return new ContainerCluster(container);
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public BrokerNodes nodes() {
        return BrokerNodes.untouchable("the node runs in a container that other tests use");
    }

    @Override
    public void close() {
        container.stop();
    }
}
