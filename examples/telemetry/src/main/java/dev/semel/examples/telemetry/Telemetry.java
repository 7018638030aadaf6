package dev.semel.examples.telemetry;

import dev.semel.examples.telemetry.run.Outcome;
import dev.semel.examples.telemetry.run.RunFailedException;
import dev.semel.examples.telemetry.run.RunSettings;
import dev.semel.examples.telemetry.run.TelemetryRun;
import dev.semel.examples.telemetry.run.WorkDirectory;
import dev.semel.examples.telemetry.show.Display;
import dev.semel.examples.telemetry.show.Report;
import dev.semel.examples.telemetry.show.ResultChart;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The program: what it can be told is in {@link TelemetryCommand}, what it does in {@link TelemetryRun}. */
public final class Telemetry {

    static final int BALANCED = 0;
    static final int NOT_BALANCED = 1;
    static final int WRONG_USAGE = 2;
    static final int NOT_FINISHED = 3;

    private Telemetry() {}

    public static void main(String... arguments) {
        System.exit(Interruption.guard(() -> execute(arguments)));
    }

    static int execute(String... arguments) {
        return new CommandLine(new TelemetryCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, wrong) -> {
                    CommandLine command = e.getCommandLine();
                    command.getErr().println(e.getMessage());
                    command.getErr().print(command.getHelp().synopsis(0));
                    command.getErr().println("--help tells more.");
                    return WRONG_USAGE;
                })
                .execute(arguments);
    }

    /** Runs it, shows how it goes and what it came to, and says so in an exit code. */
    static int run(RunSettings settings, WorkDirectory directory, Path chart) {
        try (Display display = Display.on(System.err, isTerminal(), System.getenv(), settings)) {
            Outcome outcome = new TelemetryRun(settings, display).run();
            display.close();
            System.out.println();
            new Report(System.out).write(outcome, settings);
            draw(outcome, settings, chart);
            if (outcome.isBalanced()) {
                directory.discard();
                return BALANCED;
            }
            System.err.println(whereToLook(directory));
            return NOT_BALANCED;
        } catch (Throwable e) {
            if (Interruption.isRequested()) {
                // Whatever failed, failed for that.
                directory.discard();
                System.err.println("NOT FINISHED: interrupted");
                return NOT_FINISHED;
            }
            System.err.println("NOT FINISHED: " + (e instanceof RunFailedException ? e.getMessage() : trace(e)));
            System.err.println(whereToLook(directory));
            return NOT_FINISHED;
        }
    }

    /** The books are what counts: a picture that cannot be written changes nothing about them. */
    private static void draw(Outcome outcome, RunSettings settings, Path chart) {
        try {
            if (new ResultChart(outcome.books(), settings.window().toMillis()).write(chart)) {
                System.out.println(
                        "The windows as a picture: " + chart + "; the same as a text: " + ResultChart.text(chart));
            } else {
                System.out.println("No chart: no window has a reading.");
            }
        } catch (IOException | RuntimeException e) {
            System.err.println("The chart could not be written to " + chart + ": " + e);
        }
    }

    private static String whereToLook(WorkDirectory directory) {
        return "Logs and data are in " + directory.path();
    }

    private static String trace(Throwable e) {
        var trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    /** The script that starts this knows better than Java what standard error is. */
    private static boolean isTerminal() {
        @Nullable String told = System.getProperty("telemetry.terminal");
        return told == null ? System.console() != null : Boolean.parseBoolean(told);
    }
}
