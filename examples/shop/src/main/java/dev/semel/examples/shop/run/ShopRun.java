package dev.semel.examples.shop.run;

import dev.semel.examples.shop.balance.Balance;
import dev.semel.examples.shop.balance.Expected;
import dev.semel.examples.shop.balance.Sent;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.run.Services.ShopService;
import dev.semel.examples.shop.service.ServiceSettings;
import java.util.List;

/**
 * One run, from an empty cluster to a balance: starts everything, plays the scenario, compares, and puts everything
 * away.
 *
 * <p>For the thread that made it. Interrupting that ends the run, and all its processes.
 */
public final class ShopRun {

    private final RunSettings settings;
    private final Progress progress;
    private final List<Expected> expected;
    private final long startedNanos = System.nanoTime();

    public ShopRun(RunSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
        this.expected = settings.inputs().stream()
                .map(input -> Expected.of(input, settings.failures()))
                .toList();
    }

    /**
     * Runs to the end.
     *
     * @throws RunFailedException where that is not reached
     */
    public Balance run() throws InterruptedException {
        try (ShopCluster cluster = cluster()) {
            cluster.createTopics(settings.names());
            Balance balance = runOn(cluster);
            if (settings.bootstrapServers().isPresent()) {
                clearUp(cluster, balance);
            }
            return balance;
        }
    }

    private void clearUp(ShopCluster cluster, Balance balance) {
        List<String> topics = settings.names().topics();
        if (!balance.isBalanced()) {
            say("the topics stay for a look at them: " + topics);
            return;
        }
        try {
            cluster.deleteTopics(settings.names());
        } catch (RunFailedException e) {
            say("the run is over, but its topics are still there: " + e.getMessage());
        }
    }

    private ShopCluster cluster() {
        if (settings.bootstrapServers().isPresent()) {
            return ShopCluster.at(settings.bootstrapServers().get());
        }
        say("starting a broker");
        return ShopCluster.start(settings.directory().resolve("broker"));
    }

    private Balance runOn(ShopCluster cluster) throws InterruptedException {
        ShopNames names = settings.names();
        String bootstrapServers = cluster.bootstrapServers();
        var serviceSettings = new ServiceSettings(bootstrapServers, names, settings.failures());
        say("starting order-service and inventory-service at " + bootstrapServers);
        try (var services = new Services(serviceSettings, settings.directory());
                var view = new CommittedView(bootstrapServers, names);
                var feed = new OrderFeed(bootstrapServers, names.orders())) {
            services.start(ShopService.ORDER);
            services.start(ShopService.INVENTORY);
            services.awaitReady(ShopService.ORDER);
            services.awaitReady(ShopService.INVENTORY);
            var watch = new Watch(progress, settings.inputs().size(), settledAtTheEnd(), view, feed);
            var scenario = new Scenario(settings, expected, cluster, services, view, feed, watch, this::say);
            watch.lookAfter(cluster::checkAlive);
            watch.lookAfter(services::checkAlive);
            watch.lookAfter(scenario::tellOfReturn);
            List<Sent> sent = scenario.play();
            progress.close();
            say("all settled; comparing " + sent.size() + " inputs with the topics");
            return Balance.of(sent, view.ledger(), view.model(), settings.failures());
        }
    }

    /** How many records there are in the end: an answer to each command, or a letter on the way. */
    private long settledAtTheEnd() {
        return expected.stream()
                .mapToLong(one -> one instanceof Expected.Commands lines
                        ? lines.commands().size()
                        : 1)
                .sum();
    }

    private void say(String line) {
        progress.say("%5.1f s  %s".formatted((System.nanoTime() - startedNanos) / 1e9, line));
    }
}
