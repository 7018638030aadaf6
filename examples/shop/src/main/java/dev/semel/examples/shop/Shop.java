package dev.semel.examples.shop;

import dev.semel.examples.shop.balance.Balance;
import dev.semel.examples.shop.run.BalanceReport;
import dev.semel.examples.shop.run.Progress;
import dev.semel.examples.shop.run.RunFailedException;
import dev.semel.examples.shop.run.RunSettings;
import dev.semel.examples.shop.run.ShopRun;
import dev.semel.examples.shop.run.WorkDirectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The program: what it can be told is in {@link ShopCommand}, what it does in {@link ShopRun}. */
public final class Shop {

    static final int BALANCED = 0;
    static final int NOT_BALANCED = 1;
    static final int WRONG_USAGE = 2;
    static final int NOT_FINISHED = 3;

    private Shop() {}

    public static void main(String... arguments) {
        System.exit(Interruption.guard(() -> execute(arguments)));
    }

    static int execute(String... arguments) {
        return new CommandLine(new ShopCommand())
                .setParameterExceptionHandler((e, wrong) -> {
                    CommandLine command = e.getCommandLine();
                    command.getErr().println(e.getMessage());
                    command.getErr().print(command.getHelp().synopsis(0));
                    command.getErr().println("--help tells more.");
                    return WRONG_USAGE;
                })
                .execute(arguments);
    }

    /** Runs the shop, shows how it goes and what it came to, and says so in an exit code. */
    static int run(RunSettings settings, WorkDirectory directory) {
        try (Progress progress = Progress.on(System.err, isTerminal(), System.getenv())) {
            Balance balance = new ShopRun(settings, progress).run();
            progress.close();
            new BalanceReport(System.out).write(balance);
            if (balance.isBalanced()) {
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
        @Nullable String told = System.getProperty("shop.terminal");
        return told == null ? System.console() != null : Boolean.parseBoolean(told);
    }
}
