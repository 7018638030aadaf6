package dev.semel.examples.shop;

import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.input.InputException;
import dev.semel.examples.shop.input.InputFile;
import dev.semel.examples.shop.input.OrderGenerator;
import dev.semel.examples.shop.run.RunSettings;
import dev.semel.examples.shop.run.WorkDirectory;
import dev.semel.examples.shop.service.InjectedFailures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command: see its help. */
@Command(
        name = "examples/shop/run",
        mixinStandardHelpOptions = true,
        versionProvider = ShopVersion.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "Runs a shop on real Kafka: orders go through an order service and an inventory service, each a process of its"
                    + " own, over a broker that this command starts. Some events cannot be read, some handlers fail, and"
                    + " the inventory service is killed while it is busy. At the end all topics are read at read_committed"
                    + " and compared with what was put in: it balances to the last unit, or the exit code is not 0.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it balances",
            "1:it does not balance; each difference is named",
            "2:wrong usage, or an input file that cannot be used",
            "3:not finished: the cluster cannot be reached, a process died by itself, or nothing moved for a minute"
        },
        footer = {
            "",
            "Logs and broker data lie in a temporary directory, which stays where a run does not balance or finish."
        })
final class ShopCommand implements Callable<Integer> {

    private static final Pattern SERVERS = Pattern.compile("[^,\\s]+:\\d{1,5}(,[^,\\s]+:\\d{1,5})*");
    private static final int MOST_ORDERS = 1_000_000;
    private static final int MOST_PER_SECOND = 1_000_000;

    @Option(
            names = "--orders",
            paramLabel = "N",
            description = "how many orders are generated, 1 to 1000000 (default: 3000)")
    private @Nullable Integer orders;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "the same seed gives the same orders and the same failures (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description =
                    "send the lines of this file instead, each an order event in JSON (see the README). Each is sent as"
                            + " it stands; one that cannot be read becomes a dead letter")
    private @Nullable Path input;

    @Option(
            names = "--kill",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "kill the inventory service (SIGKILL) in the middle, and start it again (default: ${DEFAULT-VALUE})")
    private boolean kill;

    @Option(
            names = "--failures",
            negatable = true,
            fallbackValue = "true",
            description = "let handlers fail for a few per cent of the events: some for a while, some for good. Without"
                    + " --input also generate some events that cannot be read (default: true; with --input: false)")
    private @Nullable Boolean failures;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "how many events are sent a second, 1 to 1000000 (default: ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description =
                    "use this cluster instead of a broker of its own. Topics and groups get names of this run alone"
                            + " (shop-<time>.orders, ...); the topics are deleted after a run that balances")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "keep logs and broker data in a new directory in this one")
    private @Nullable Path workDirectory;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        check();
        List<Input> inputs;
        try {
            inputs = inputs();
        } catch (InputException e) {
            System.err.println(e.getMessage());
            return Shop.WRONG_USAGE;
        }
        WorkDirectory directory = workDirectory();
        // The console is for the run; what clients log goes beside what the services log. Set before the first logger
        // is made.
        System.setProperty("logback.configurationFile", "shop-command-logback.xml");
        System.setProperty("shop.log", directory.path().resolve("run.log").toString());
        return Shop.run(settings(inputs, directory), directory);
    }

    private void check() {
        if (input != null && orders != null) {
            throw wrong("--input and --orders exclude each other: the file says which orders there are");
        }
        checkRange("--orders", orders(), MOST_ORDERS);
        checkRange("--rate", rate, MOST_PER_SECOND);
        if (bootstrapServers != null && !SERVERS.matcher(bootstrapServers).matches()) {
            throw wrong("--bootstrap-servers '" + bootstrapServers + "' must be HOST:PORT, or several with commas");
        }
    }

    private void checkRange(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw wrong(option + " " + value + " must be 1 to " + most);
        }
    }

    private ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }

    private int orders() {
        return orders == null ? 3000 : orders;
    }

    private List<Input> inputs() {
        return input == null ? OrderGenerator.generate(seed, orders(), withFailures()) : InputFile.read(input);
    }

    private boolean withFailures() {
        return failures == null ? input == null : failures;
    }

    private WorkDirectory workDirectory() {
        try {
            return WorkDirectory.create(Optional.ofNullable(workDirectory));
        } catch (IOException e) {
            throw wrong("no directory can be made in --work-dir " + workDirectory + ": " + e);
        }
    }

    private RunSettings settings(List<Input> inputs, WorkDirectory directory) {
        String run = bootstrapServers == null
                ? ""
                : DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").format(LocalDateTime.now());
        return new RunSettings(
                inputs,
                withFailures() ? InjectedFailures.seeded(seed) : InjectedFailures.none(),
                kill,
                rate,
                Optional.ofNullable(bootstrapServers),
                new ShopNames(run),
                directory.path());
    }
}
