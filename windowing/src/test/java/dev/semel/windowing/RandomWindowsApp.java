package dev.semel.windowing;

import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.RandomWindows.Faults;
import dev.semel.windowing.RandomWindows.Topics;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/** An application with the windows of a seed, in a process of its own, to be killed. */
public final class RandomWindowsApp {

    private RandomWindowsApp() {}

    static JavaProcess start(
            RandomWindows windows, TestKafka kafka, String application, Topics topics, Path stateDirectory) {
        return JavaProcess.of(RandomWindowsApp.class)
                .args(
                        Long.toString(windows.seed()),
                        kafka.bootstrapServers(),
                        application,
                        topics.in(),
                        topics.results(),
                        topics.late(),
                        stateDirectory.toString())
                .jvmArgs("-Xmx128m")
                .start();
    }

    public static void main(String[] args) {
        RandomWindows windows = RandomWindows.of(Long.parseLong(args[0]));
        var streams = new KafkaStreams(
                windows.topology(new Topics(args[3], args[4], args[5]), Faults.NONE),
                config(windows, args[1], args[2], Path.of(args[6])));
        streams.start();
    }

    static Properties config(RandomWindows windows, String bootstrapServers, String application, Path stateDirectory) {
        Properties config = WindowingApp.config(bootstrapServers, application, stateDirectory);
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, windows.threads());
        config.put(StreamsConfig.consumerPrefix("max.poll.records"), 100);
        config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 5_000);
        return config;
    }
}
