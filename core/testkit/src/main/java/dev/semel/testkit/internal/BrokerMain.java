package dev.semel.testkit.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;

/** The main class of a broker process: formats the data directory if it is new, then runs Kafka's own main class. */
public final class BrokerMain {

    private BrokerMain() {}

    /**
     * Runs a broker until it is stopped.
     *
     * @param args the path of {@code server.properties}
     * @throws Exception if it cannot be read or the directory cannot be formatted
     */
    public static void main(String[] args) throws Exception {
        Path data = Path.of(Utils.loadProps(args[0]).getProperty("log.dirs"));
        if (!Files.exists(data.resolve("meta.properties"))) {
            String clusterId = Uuid.randomUuid().toString();
            int exitCode = StorageTool.execute(
                    new String[] {"format", "--cluster-id", clusterId, "--config", args[0]}, System.out);
            if (exitCode != 0) {
                throw new IllegalStateException("formatting " + data + " failed with exit code " + exitCode);
            }
        }
        Kafka.main(args);
    }
}
