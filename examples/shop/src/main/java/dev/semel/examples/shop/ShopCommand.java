package dev.semel.examples.shop;

import dev.semel.examples.shop.database.DatabaseCheck;
import dev.semel.examples.shop.database.DatabaseSettings;
import dev.semel.examples.shop.database.UnusableDatabaseException;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.input.InputException;
import dev.semel.examples.shop.input.InputFile;
import dev.semel.examples.shop.input.OrderGenerator;
import dev.semel.examples.shop.input.PaymentGenerator;
import dev.semel.examples.shop.mail.MailTroubles;
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
            "Runs a shop on real Kafka and PostgreSQL, which this command starts: orders go through an order service and an"
                    + " inventory service, payments through a payment service and a confirmation service, each a process of"
                    + " its own. Some events cannot be read, some handlers fail, some payments are sent twice or three"
                    + " times, and services are killed while they are busy. What fails for good becomes a dead letter, and"
                    + " later events of its key wait behind it. When all else is done, the dead letters are listed by"
                    + " service, failure class and fingerprint. Then the fault is fixed: handlers no longer fail, their"
                    + " letters are redriven in place, and what waited follows; letters that nobody can read are"
                    + " discarded. At the end all topics, the tables and the mail server's log are compared with what was"
                    + " put in: it balances to the last unit, cent and e-mail, or the exit code is not 0.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it balances",
            "1:it does not balance; each difference is named",
            "2:wrong usage, or an input file or a database that cannot be used",
            "3:not finished: the cluster cannot be reached, a process died by itself, or nothing moved for a minute"
        },
        footer = {"", "Logs and data lie in a temporary directory, which stays where a run does not balance or finish."
        })
final class ShopCommand implements Callable<Integer> {

    private static final Pattern SERVERS = Pattern.compile("[^,\\s]+:\\d{1,5}(,[^,\\s]+:\\d{1,5})*");
    private static final int MOST_ORDERS = 1_000_000;
    private static final int MOST_PER_SECOND = 1_000_000;

    @Option(
            names = "--orders",
            paramLabel = "N",
            description = "how many orders are generated, 1 to 1000000 (default: 2000)")
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
                            + " it stands; one that cannot be read becomes a dead letter. Payments are generated for"
                            + " these orders, too")
    private @Nullable Path input;

    @Option(
            names = "--kill",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "kill the inventory and the confirmation service (SIGKILL) in the middle, and start them again"
                            + " (default: ${DEFAULT-VALUE})")
    private boolean kill;

    @Option(
            names = "--failures",
            negatable = true,
            fallbackValue = "true",
            description =
                    "let handlers fail for a few per cent of the events: some for a while, some until the fault is fixed and"
                            + " their dead letters are redriven; let the mail server be slow or refuse. Without --input also"
                            + " generate some events that cannot be read (default: true; with --input: false)")
    private @Nullable Boolean failures;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "750",
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
            names = "--jdbc-url",
            paramLabel = "URL",
            description =
                    "use this database, jdbc:postgresql://HOST:PORT/DATABASE, instead of a PostgreSQL of its own. The tables"
                            + " are in a schema of this run alone (shop_<time>), which is dropped after a run that"
                            + " balances")
    private @Nullable String jdbcUrl;

    @Option(names = "--jdbc-user", paramLabel = "USER", description = "the database's user, if the URL does not say it")
    private @Nullable String jdbcUser;

    @Option(
            names = "--jdbc-password",
            paramLabel = "PASSWORD",
            defaultValue = "${env:SHOP_JDBC_PASSWORD}",
            description =
                    "the user's password, if the URL does not say it; better in the environment, as SHOP_JDBC_PASSWORD")
    private @Nullable String jdbcPassword;

    @Option(names = "--work-dir", paramLabel = "DIR", description = "keep logs and data in a new directory in this one")
    private @Nullable Path workDirectory;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        check();
        var names = new ShopNames(run());
        @Nullable DatabaseSettings database = database(names);
        List<Input> inputs;
        try {
            inputs = PaymentGenerator.among(orderInputs(), seed);
            if (database != null) {
                DatabaseCheck.check(database);
            }
        } catch (InputException | UnusableDatabaseException e) {
            System.err.println(e.getMessage());
            return Shop.WRONG_USAGE;
        }
        WorkDirectory directory = workDirectory();
        // The console is for the run; what clients log goes beside what the services log. Set before the first logger
        // is made.
        System.setProperty("logback.configurationFile", "shop-command-logback.xml");
        System.setProperty("shop.log", directory.path().resolve("run.log").toString());
        return Shop.run(settings(inputs, names, database, directory), directory);
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
        if (jdbcUrl == null && (isGiven("--jdbc-user") || isGiven("--jdbc-password"))) {
            throw wrong("--jdbc-user and --jdbc-password are for the database of --jdbc-url, which is missing");
        }
    }

    private boolean isGiven(String option) {
        return spec != null && spec.commandLine().getParseResult().hasMatchedOption(option);
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
        return orders == null ? 2000 : orders;
    }

    /** Runs that share a cluster or a database with others have names of their own there. */
    private String run() {
        return bootstrapServers == null && jdbcUrl == null
                ? ""
                : DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").format(LocalDateTime.now());
    }

    private @Nullable DatabaseSettings database(ShopNames names) {
        return jdbcUrl == null ? null : new DatabaseSettings(jdbcUrl, jdbcUser, jdbcPassword, names.schema());
    }

    private List<Input> orderInputs() {
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

    private RunSettings settings(
            List<Input> inputs, ShopNames names, @Nullable DatabaseSettings database, WorkDirectory directory) {
        return new RunSettings(
                inputs,
                withFailures() ? InjectedFailures.seeded(seed) : InjectedFailures.none(),
                withFailures() ? MailTroubles.seeded(seed) : MailTroubles.none(),
                kill,
                rate,
                Optional.ofNullable(bootstrapServers),
                Optional.ofNullable(database),
                names,
                directory.path());
    }
}
