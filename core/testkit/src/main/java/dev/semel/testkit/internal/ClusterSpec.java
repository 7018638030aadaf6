package dev.semel.testkit.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a test asks of its cluster, checked.
 *
 * @param brokers the number of nodes, 1 or 3
 * @param own whether no other test uses it
 * @param properties settings of the nodes, which replace the testkit's; only if {@code own}
 */
public record ClusterSpec(int brokers, boolean own, Map<String, String> properties) {

    /** Checks the components against each other. */
    public ClusterSpec {
        if (brokers != 1 && brokers != 3) {
            throw new IllegalArgumentException("@KafkaTest(brokers = " + brokers + "): use 1 or 3");
        }
        if (!own && !properties.isEmpty()) {
            throw new IllegalArgumentException("@KafkaTest(brokerProperties = " + properties
                    + "): only together with ownCluster = true, since other tests use the shared cluster");
        }
        properties = Map.copyOf(properties);
    }

    /**
     * Reads the {@code name=value} pairs of an annotation.
     *
     * @param brokers the number of nodes
     * @param own whether no other test uses it
     * @param pairs {@code name=value} each
     * @return the checked spec
     */
    public static ClusterSpec of(int brokers, boolean own, String... pairs) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "@KafkaTest(brokerProperties = \"" + pair + "\"): write it as \"name=value\"");
            }
            properties.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return new ClusterSpec(brokers, own, properties);
    }
}
