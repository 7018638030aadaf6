package dev.semel.examples.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Properties;

/**
 * Where and with what something was measured.
 *
 * @param versions of Java, Kafka, Semel and its peers
 * @param cores how many processors there are
 * @param memoryBytes how much memory
 * @param load how many threads of other programs wanted a processor when the run began, on average of a minute; negative if
 *     unknown
 */
public record Machine(String versions, int cores, long memoryBytes, double load) {

    /** This one, now. */
    public static Machine here() {
        Properties versions = ofTheBuild();
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                "Semel " + versions.getProperty("semel") + ", Kafka " + versions.getProperty("kafka")
                        + ", Spring Kafka "
                        + versions.getProperty("spring-kafka") + ", Parallel Consumer "
                        + versions.getProperty("parallel-consumer") + ", Flink "
                        + versions.getProperty("flink") + ", Hazelcast " + versions.getProperty("hazelcast") + ", "
                        + System.getProperty("java.vm.name") + " "
                        + System.getProperty("java.version") + " on " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"),
                system.getAvailableProcessors(),
                system.getTotalMemorySize(),
                system.getSystemLoadAverage());
    }

    /** The versions that the build wrote down. */
    public static Properties ofTheBuild() {
        var properties = new Properties();
        try (InputStream file = Machine.class.getResourceAsStream("/benchmarks.properties")) {
            if (file != null) {
                properties.load(file);
            }
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As lines below a table. */
    public String describe(String heap, String brokerHeap, String command) {
        return made(heap, command) + String.format(", of the broker (one, on the same machine) %s.%n", brokerHeap);
    }

    /** The same for what has no broker. */
    public String describe(String heap, String command) {
        return made(heap, command) + String.format(".%n");
    }

    private String made(String heap, String command) {
        return String.format(
                "Made on %s by `%s`: %s; %d cores, %.0f GiB of memory; load average when it began %.1f;"
                        + " heap of a contestant %s",
                LocalDate.now(ZoneOffset.UTC),
                command,
                versions,
                cores,
                memoryBytes / (1024.0 * 1024 * 1024),
                load,
                heap);
    }
}
