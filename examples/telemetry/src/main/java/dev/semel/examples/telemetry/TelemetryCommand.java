package dev.semel.examples.telemetry;

import dev.semel.examples.telemetry.application.Names;
import dev.semel.examples.telemetry.input.FileLines;
import dev.semel.examples.telemetry.input.IncidentLines;
import dev.semel.examples.telemetry.input.InputException;
import dev.semel.examples.telemetry.input.LineSource;
import dev.semel.examples.telemetry.reading.Columns;
import dev.semel.examples.telemetry.reading.TimeUnit;
import dev.semel.examples.telemetry.run.RunSettings;
import dev.semel.examples.telemetry.run.WorkDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
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
        name = "examples/telemetry/run",
        mixinStandardHelpOptions = true,
        versionProvider = TelemetryVersion.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "Three sources send readings to real Kafka, which this command starts. Their clocks are minutes apart, one"
                    + " falls silent for a while and comes back, some readings are late and some lines are broken. A Kafka"
                    + " Streams application, which is killed in the middle, puts them into windows of event time. At the end"
                    + " the topics are counted: each line is in one result, late, rejected or in an open window, or the exit"
                    + " code is not 0.",
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
            "Durations are written 500ms, 30s, 5m, 2h, 1d. Logs and data lie in a temporary directory, which stays where a"
                    + " run does not balance or finish."
        })
final class TelemetryCommand implements Callable<Integer> {

    private static final Pattern SERVERS = Pattern.compile("[^,\\s]+:\\d{1,5}(,[^,\\s]+:\\d{1,5})*");
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** What the end of the input does. */
    enum AtEnd {
        CLOSE,
        REPORT
    }

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description =
                    "send the lines of this file instead, in their order: CSV whose first line names the columns, or a JSON"
                            + " object in each line; plain or gzipped. Each line is sent as it stands; one that cannot be read"
                            + " is rejected and accounted for")
    private @Nullable Path input;

    @Option(
            names = "--columns",
            paramLabel = "PART=NAME,...",
            description =
                    "which column, or field, of the file is the time, the source, the key and the value; without value="
                            + " each reading counts 1 (default: time=time,source=source,key=key,value=value)")
    private @Nullable String columns;

    @Option(
            names = "--time-unit",
            paramLabel = "UNIT",
            defaultValue = "auto",
            description = "what times in the file are: iso, s, ms or us (microseconds); with auto, text with a colon is"
                    + " ISO-8601, a number below 100000000000 is seconds, and any other milliseconds"
                    + " (default: ${DEFAULT-VALUE})")
    private String timeUnit = "auto";

    @Option(
            names = "--delimiter",
            paramLabel = "CHARACTER",
            defaultValue = ",",
            description = "what is between the columns of the file; 'tab' for a tab (default: ${DEFAULT-VALUE})")
    private String delimiter = ",";

    @Option(
            names = "--at-end",
            paramLabel = "close|report",
            defaultValue = "close",
            description =
                    "what the end of the input does: close lets each source say that nothing more comes, which closes all"
                            + " windows; report leaves open windows open, and reports what is in them"
                            + " (default: ${DEFAULT-VALUE})")
    private AtEnd atEnd = AtEnd.CLOSE;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "how many lines of the file are sent a second (default: as many as possible)")
    private @Nullable Double rate;

    @Option(
            names = "--window",
            paramLabel = "DURATION",
            converter = Durations.class,
            defaultValue = "1m",
            description = "the size of a window (default: ${DEFAULT-VALUE})")
    private Duration window = Duration.ofMinutes(1);

    @Option(
            names = "--disorder",
            paramLabel = "DURATION",
            converter = Durations.class,
            defaultValue = "5s",
            description =
                    "how far a reading may be behind the latest of its source: the source's mark is that much behind"
                            + " (default: ${DEFAULT-VALUE})")
    private Duration disorder = Duration.ofSeconds(5);

    @Option(
            names = "--lateness",
            paramLabel = "DURATION",
            converter = Durations.class,
            defaultValue = "10s",
            description =
                    "how long a window stays open after the watermark, the least mark of all sources, has passed its end"
                            + " (default: ${DEFAULT-VALUE})")
    private Duration lateness = Duration.ofSeconds(10);

    @Option(
            names = "--idleness",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "a source that is silent for so long is not waited for (default: all are waited for)")
    private @Nullable Duration idleness;

    @Option(
            names = "--future",
            paramLabel = "DURATION",
            converter = Durations.class,
            defaultValue = "1h",
            description =
                    "a reading that is further ahead of the time of day than this is rejected: a wrong clock, or another"
                            + " unit (default: ${DEFAULT-VALUE})")
    private Duration future = Duration.ofHours(1);

    @Option(
            names = "--sources",
            paramLabel = "NAME",
            split = ",",
            description =
                    "sources of the file that are waited for before their first reading (default: each is known from its"
                            + " first on)")
    private @Nullable List<String> sources;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "without a file: how many minutes of event time each source sends, 4 to 600 (default: 10)")
    private @Nullable Integer minutes;

    @Option(
            names = "--speed",
            paramLabel = "N",
            description = "without a file: how many seconds of event time go by in one, 1 to 1000 (default: 15)")
    private @Nullable Double speed;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "without a file: the same seed gives the same readings (default: 1)")
    private @Nullable Long seed;

    @Option(
            names = "--kill",
            negatable = true,
            fallbackValue = "true",
            description =
                    "kill the application (SIGKILL) after about two thirds of the lines, and start it again (default: true;"
                            + " with --input: false)")
    private @Nullable Boolean kill;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description =
                    "use this cluster instead of a broker of its own. Topics and group get names of this run alone"
                            + " (telemetry-<time>.lines, ...); the topics are deleted after a run that balances")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description =
                    "where the picture of the windows goes, .svg or .png; the same as a text is beside it, with .txt behind"
                            + " the name (default: telemetry.svg in the example's target directory)")
    private @Nullable Path chart;

    @Option(names = "--work-dir", paramLabel = "DIR", description = "keep logs and data in a new directory in this one")
    private @Nullable Path workDirectory;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        check();
        LineSource lines;
        try {
            lines = lines();
        } catch (InputException e) {
            System.err.println(e.getMessage());
            return Telemetry.WRONG_USAGE;
        }
        try (lines) {
            WorkDirectory directory = workDirectory();
            // The console is for the run; what clients log goes beside what the application logs. Set before the first
            // logger is made.
            System.setProperty("logback.configurationFile", "telemetry-command-logback.xml");
            System.setProperty(
                    "telemetry.log", directory.path().resolve("run.log").toString());
            return Telemetry.run(settings(lines, directory), directory, chart());
        }
    }

    private void check() {
        if (input == null) {
            needsFile("--columns", "--time-unit", "--delimiter", "--rate", "--sources");
            range("--minutes", minutes(), 4, 600);
            range("--speed", speed(), 1, 1000);
        } else {
            for (String option : List.of("--minutes", "--speed", "--seed")) {
                if (isGiven(option)) {
                    throw wrong(option
                            + " is for readings that are made up, and --input says which there are: leave one out");
                }
            }
        }
        if (rate != null) {
            range("--rate", rate, 0.001, 10_000_000);
        }
        duration("--window", window, Duration.ofMillis(1));
        duration("--disorder", disorder, Duration.ZERO);
        duration("--lateness", lateness, Duration.ZERO);
        duration("--future", future, Duration.ZERO);
        if (idleness != null) {
            duration("--idleness", idleness, Duration.ofMillis(500));
        }
        if (bootstrapServers != null && !SERVERS.matcher(bootstrapServers).matches()) {
            throw wrong("--bootstrap-servers '" + bootstrapServers + "' must be HOST:PORT, or several with commas");
        }
        if (!chart().toString().toLowerCase(Locale.ROOT).matches(".*\\.(svg|png)")) {
            throw wrong("--chart " + chart + " must end in .svg or .png");
        }
    }

    private void needsFile(String... options) {
        for (String option : options) {
            if (isGiven(option)) {
                throw wrong(option + " says how a file is read or sent: give one with --input, or leave it out");
            }
        }
    }

    private void range(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw wrong("%s %s must be %s to %s".formatted(option, number(value), number(least), number(most)));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private void duration(String option, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw wrong(option + " " + value + " must be " + Durations.text(least) + " to " + Durations.text(LONGEST));
        }
    }

    private boolean isGiven(String option) {
        return spec != null && spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }

    private int minutes() {
        return minutes == null ? 10 : minutes;
    }

    private double speed() {
        return speed == null ? 15 : speed;
    }

    private LineSource lines() {
        if (input == null) {
            return new IncidentLines(seed == null ? 1 : seed, minutes(), speed());
        }
        return FileLines.open(input, columns(), unit(), delimiterCharacter(), rate == null ? 0 : rate);
    }

    private Columns columns() {
        try {
            return columns == null ? Columns.USUAL : Columns.parse(columns);
        } catch (IllegalArgumentException e) {
            throw wrong("--columns: " + e.getMessage());
        }
    }

    private TimeUnit unit() {
        for (TimeUnit unit : TimeUnit.values()) {
            if (unit.name().equalsIgnoreCase(timeUnit)) {
                return unit;
            }
        }
        throw wrong("--time-unit '" + timeUnit + "' must be auto, iso, s, ms or us");
    }

    private char delimiterCharacter() {
        String text = delimiter.equalsIgnoreCase("tab") ? "\t" : delimiter;
        if (text.length() != 1 || "\"\r\n".contains(text)) {
            throw wrong("--delimiter '" + delimiter + "' must be one character, such as ; or the word tab");
        }
        return text.charAt(0);
    }

    private Path chart() {
        if (chart != null) {
            return chart;
        }
        @Nullable String directory = System.getProperty("telemetry.charts");
        return directory == null ? Path.of("telemetry.svg") : Path.of(directory, "telemetry.svg");
    }

    private WorkDirectory workDirectory() {
        try {
            return WorkDirectory.create(Optional.ofNullable(workDirectory));
        } catch (IOException e) {
            throw wrong("no directory can be made in --work-dir " + workDirectory + ": " + e);
        }
    }

    /** Runs that share a cluster with others have names of their own there. */
    private Names names() {
        return new Names(
                bootstrapServers == null
                        ? "telemetry"
                        : "telemetry-"
                                + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS")
                                        .format(LocalDateTime.now()));
    }

    private RunSettings settings(LineSource lines, WorkDirectory directory) {
        List<String> declared = input == null ? IncidentLines.SOURCES : sources == null ? List.of() : sources;
        return new RunSettings(
                (input == null ? "Sources A, B and C" : input.getFileName().toString()) + ", windows of "
                        + Durations.text(window),
                lines,
                window,
                disorder,
                lateness,
                idleness == null ? Duration.ZERO : idleness,
                future,
                declared,
                atEnd == AtEnd.CLOSE,
                kill == null ? input == null : kill,
                input == null,
                Optional.ofNullable(bootstrapServers),
                names(),
                directory.path());
    }
}
