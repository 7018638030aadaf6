package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.LetterValidator;
import dev.semel.dlq.Reading;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which letters of which cluster, and who asks. */
final class Connection {

    private static final Pattern SERVERS = Pattern.compile("[^,\\s]+:\\d{1,5}(,[^,\\s]+:\\d{1,5})*");

    @Option(
            names = {"--bootstrap-server", "--bootstrap-servers"},
            paramLabel = "HOST:PORT",
            description =
                    "the cluster; several addresses with commas. Needed, unless --command-config has bootstrap.servers")
    private @Nullable String servers;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "settings of the Kafka clients, as Kafka's own tools take them: for secured clusters")
    private @Nullable Path config;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "the topic with the letters; needed")
    private @Nullable String topic;

    @Option(
            names = "--actor",
            paramLabel = "NAME",
            description = "who does what is done, for the audit (default: the user of the operating system)")
    private @Nullable String actor;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = Durations.class,
            description =
                    "how long the cluster may take to answer a question, and the owner of kept letters to say that it"
                            + " is there: 500ms, 30s, 2m (default: 30s)")
    private @Nullable Duration deadline;

    @Option(
            names = "--store",
            paramLabel = "GROUP:TOPIC=STORE",
            converter = StoreName.Converter.class,
            description =
                    "where a group keeps the letters of a source topic (default: GROUP.TOPIC.letters), where its code names"
                            + " a topic with storeTopic(); 'none' where it keeps none. Can be given several times")
    private StoreName[] stores = {};

    private @Nullable LetterValidator edits;

    String topic() {
        return String.valueOf(topic);
    }

    /** Letters may be edited, where this takes them. */
    void edits(LetterValidator validator) {
        edits = validator;
    }

    /** Where the cluster was looked for, for messages. */
    String place() {
        return servers == null ? "the addresses in " + config : servers;
    }

    DeadLetterReprocessor open(CommandSpec spec, Consumer<Reading> reading) {
        if (topic == null) {
            throw new ParameterException(spec.commandLine(), "--topic is missing: name the topic with the letters");
        }
        DeadLetterReprocessor.Builder builder = DeadLetterReprocessor.builder(settings(spec), topic);
        if (actor != null) {
            builder.actor(actor);
        }
        if (edits != null) {
            builder.edits(edits);
        }
        if (deadline != null) {
            builder.deadline(deadline);
        }
        for (StoreName store : stores) {
            builder.storeTopic(store.group(), store.source(), store.topic());
        }
        return builder.reading(reading).open();
    }

    private Map<String, Object> settings(CommandSpec spec) {
        var settings = new HashMap<String, Object>();
        if (config != null) {
            read(config, spec).forEach((name, value) -> settings.put(String.valueOf(name), value));
        }
        if (servers != null) {
            if (!SERVERS.matcher(servers).matches()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--bootstrap-server '" + servers + "' must be HOST:PORT, or several with commas");
            }
            settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        }
        if (!settings.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--bootstrap-server is missing: name an address of the cluster, HOST:PORT"
                            + (config == null ? "" : "; " + config + " has no bootstrap.servers either"));
        }
        settings.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, "semel-dlq");
        return settings;
    }

    private static Properties read(Path file, CommandSpec spec) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--command-config " + file + " cannot be read as a file of properties: " + e,
                    e);
        }
    }
}
