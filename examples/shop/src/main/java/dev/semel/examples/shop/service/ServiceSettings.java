package dev.semel.examples.shop.service;

import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.examples.shop.database.DatabaseSettings;
import dev.semel.examples.shop.event.ShopNames;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What every service of a run is told: on its command line, and the database in its environment.
 *
 * @param bootstrapServers the cluster
 * @param names the run's topics and groups
 * @param failures the failures that are put into its handler
 * @param mailServer where mails are posted
 * @param database the database
 */
public record ServiceSettings(
        String bootstrapServers,
        ShopNames names,
        InjectedFailures failures,
        URI mailServer,
        DatabaseSettings database) {

    /** The arguments from which {@link #of} makes the same settings. */
    public List<String> toArguments() {
        return List.of(bootstrapServers, "run=" + names.run(), failures.toArgument(), mailServer.toString());
    }

    /** The environment from which {@link #of} makes the same settings. */
    public Map<String, String> toEnvironment() {
        return database.toEnvironment();
    }

    static ServiceSettings of(List<String> arguments, Map<String, String> environment) {
        if (arguments.size() != 4 || !arguments.get(1).startsWith("run=")) {
            throw new IllegalArgumentException("a service takes four arguments, <bootstrap servers> run=<run>"
                    + " <failure seed or none> <mail server>, got " + arguments);
        }
        return new ServiceSettings(
                arguments.get(0),
                new ShopNames(arguments.get(1).substring("run=".length())),
                InjectedFailures.ofArgument(arguments.get(2)),
                URI.create(arguments.get(3)),
                DatabaseSettings.of(environment));
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
