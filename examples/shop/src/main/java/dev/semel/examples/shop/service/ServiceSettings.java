package dev.semel.examples.shop.service;

import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.examples.shop.event.ShopNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What every service of a run is told, on its command line.
 *
 * @param bootstrapServers the cluster
 * @param names the run's topics and groups
 * @param failures the failures that are put into its handler
 */
public record ServiceSettings(String bootstrapServers, ShopNames names, InjectedFailures failures) {

    /** The arguments from which {@link #of} makes the same settings. */
    public List<String> toArguments() {
        return List.of(bootstrapServers, "run=" + names.run(), failures.toArgument());
    }

    static ServiceSettings of(String... arguments) {
        if (arguments.length != 3 || !arguments[1].startsWith("run=")) {
            throw new IllegalArgumentException(
                    "a service takes three arguments, <bootstrap servers> run=<run> <failure seed or none>, got "
                            + List.of(arguments));
        }
        return new ServiceSettings(
                arguments[0],
                new ShopNames(arguments[1].substring("run=".length())),
                InjectedFailures.ofArgument(arguments[2]));
    }

    public Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    /** What becomes of failures in every service: a few attempts, since most pass, and then a dead letter. */
    public FailurePolicy retriesThenLetter(String deadLetterTopic) {
        return RetryPolicy.exponential(Duration.ofMillis(10), Duration.ofMillis(100))
                .maxAttempts(InjectedFailures.ATTEMPTS)
                .thenDeadLetter(deadLetterTopic);
    }
}
