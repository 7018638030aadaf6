package dev.semel.examples.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Latency. */
@Command(name = "latency", mixinStandardHelpOptions = true)
final class LatencyCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 3;
    }
}
