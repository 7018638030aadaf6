package dev.semel.testkit.internal;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.test.TestKitNode;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The feature levels that a new production cluster of this Kafka version has. Kafka's own test kit would take the newest
 * ones under development instead, and print what it formats to standard output.
 */
final class ProductionFeatures {

    private static final MetadataVersion VERSION = MetadataVersion.latestProduction();

    private ProductionFeatures() {}

    static BootstrapMetadata bootstrapMetadata() {
        Map<String, Short> levels = Feature.PRODUCTION_FEATURES.stream()
                .collect(Collectors.toMap(
                        Feature::featureName,
                        feature -> feature.defaultLevel(VERSION),
                        (one, two) -> one,
                        TreeMap::new));
        return BootstrapMetadata.fromVersions(VERSION, levels, "semel-testkit");
    }

    static void format(TestKitNodes nodes) throws Exception {
        List<TestKitNode> all = new ArrayList<>(nodes.controllerNodes().values());
        all.addAll(nodes.brokerNodes().values());
        for (TestKitNode node : all) {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(node.id())
                    .setClusterId(nodes.clusterId())
                    .setDirectories(node.logDataDirectories())
                    .setMetadataLogDirectory(node.metadataDirectory())
                    .setReleaseVersion(VERSION)
                    .setControllerListenerName(nodes.controllerListenerName().value())
                    .setIgnoreFormatted(false)
                    .run();
        }
    }
}
