package dev.semel.testkit.internal;

import dev.semel.testkit.KafkaTest;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which kind of cluster the tests of this run use. */
public sealed interface ClusterChoice {

    /**
     * Reads the system property {@value KafkaTest#CLUSTER_PROPERTY}.
     *
     * @return the choice, in-process if the property is not set
     * @throws IllegalArgumentException if the value is none of those known
     */
    static ClusterChoice current() {
        return of(System.getProperty(KafkaTest.CLUSTER_PROPERTY, "in-process"));
    }

    /**
     * Reads a value of that property.
     *
     * @param value {@code in-process}, {@code docker} or a {@code bootstrap.servers} list
     * @return the choice
     * @throws IllegalArgumentException if it is none of these
     */
    static ClusterChoice of(String value) {
        return switch (value.strip()) {
            case "in-process" -> new InProcess();
            case "docker" -> new Docker();
            default -> Existing.of(value.strip());
        };
    }

    /**
     * Why a test that asks for this cannot run on the chosen kind of cluster.
     *
     * @param spec what the test asks for
     * @return the reason to skip it; empty if it can run
     */
    Optional<String> whyNot(ClusterSpec spec);

    /**
     * Starts or connects to a cluster.
     *
     * @param spec what the test asks for
     * @return a cluster that serves
     */
    KafkaCluster open(ClusterSpec spec);

    /** Nodes in this JVM. */
    record InProcess() implements ClusterChoice {
        @Override
        public Optional<String> whyNot(ClusterSpec spec) {
            return Optional.empty();
        }

        @Override
        public KafkaCluster open(ClusterSpec spec) {
            return InProcessCluster.start(spec);
        }
    }

    /** One node in a container. */
    record Docker() implements ClusterChoice {
        @Override
        public Optional<String> whyNot(ClusterSpec spec) {
            if (spec.own() || spec.brokers() > 1) {
                return Optional.of("it needs " + (spec.own() ? "a cluster of its own" : spec.brokers() + " nodes")
                        + ", and " + KafkaTest.CLUSTER_PROPERTY + "=docker gives one shared node");
            }
            return Optional.empty();
        }

        @Override
        public KafkaCluster open(ClusterSpec spec) {
            return ContainerCluster.start();
        }
    }

    /**
     * A cluster that runs already.
     *
     * @param bootstrapServers its address
     */
    record Existing(String bootstrapServers) implements ClusterChoice {

        private static final Pattern SERVER = Pattern.compile("[^\\s,/]+:\\d{1,5}");

        static Existing of(String value) {
            for (String server : value.split(",", -1)) {
                if (!SERVER.matcher(server.strip()).matches()) {
                    throw new IllegalArgumentException(KafkaTest.CLUSTER_PROPERTY + "=" + value
                            + ": use in-process, docker, or the host:port[,host:port...] of an existing cluster");
                }
            }
            return new Existing(value);
        }

        @Override
        public Optional<String> whyNot(ClusterSpec spec) {
            return spec.own()
                    ? Optional.of("it needs a cluster of its own, and " + KafkaTest.CLUSTER_PROPERTY + "="
                            + bootstrapServers + " is one that others may use")
                    : Optional.empty();
        }

        @Override
        public KafkaCluster open(ClusterSpec spec) {
            return ExistingCluster.connect(bootstrapServers);
        }
    }
}
