package dev.semel.examples.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Soak. */
@Command(name = "soak", mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 3;
    }
}
