package dev.semel.examples.shop.run;

import dev.semel.examples.shop.balance.Balance;
import dev.semel.examples.shop.balance.Expected;
import dev.semel.examples.shop.balance.Sent;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.run.Services.ShopService;
import dev.semel.examples.shop.service.ServiceSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * One run, from an empty cluster to a balance: starts everything, sends the inputs, kills the inventory service on the
 * way, waits until both services have come to the end of their topics, and compares.
 *
 * <p>For the thread that made it. Interrupting that ends the run, and all its processes.
 */
public final class ShopRun {

    private static final Duration FIRST_ANSWER_PATIENCE = Duration.ofSeconds(10);
    private static final long LAG_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final RunSettings settings;
    private final Progress progress;
    private final List<Expected> expected;
    private final long startedNanos = System.nanoTime();
    private boolean killed;
    private long killedNanos;

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
            Runnable processes = () -> {
                cluster.checkAlive();
                services.checkAlive();
                tellOfReturn(services);
            };
            var watch = new Watch(processes, view, feed, progress, expected.size(), settledAtTheEnd());
            feed(cluster, services, view, feed, watch);
            List<Sent> sent = feed.acknowledged();
            awaitEnd(cluster, watch, names.orderGroup(), names.orders());
            awaitEnd(cluster, watch, names.inventoryGroup(), names.reservations());
            Map<TopicPartition, Long> ends = cluster.ends(names.topics());
            watch.await(() -> view.hasReached(ends), "all topics to be readable up to " + ends, () -> "they are not");
            watch.show();
            progress.close();
            say("all settled; comparing " + sent.size() + " inputs with the topics");
            return Balance.of(sent, view.ledger(), view.model(), settings.failures());
        }
    }

    private void feed(ShopCluster cluster, Services services, CommittedView view, OrderFeed feed, Watch watch)
            throws InterruptedException {
        say("sending %,d records to %s, %,d a second"
                .formatted(expected.size(), settings.names().orders(), settings.recordsPerSecond()));
        if (settings.kill() && !expected.isEmpty()) {
            send(feed, watch, expected.size() * 2 / 5);
            // Only a service that has done something has something to lose.
            watch.await(() -> view.model().lines().all() > 0 || feed.count() == 0, FIRST_ANSWER_PATIENCE);
            send(feed, watch, Math.max(1, expected.size() / 2));
            killInventory(cluster, services);
        }
        send(feed, watch, expected.size());
    }

    private void killInventory(ShopCluster cluster, Services services) {
        services.kill(ShopService.INVENTORY);
        killed = true;
        killedNanos = System.nanoTime();
        say("killed inventory-service (SIGKILL) with %,d offsets of %s not committed; starting it again"
                .formatted(
                        cluster.lag(
                                settings.names().inventoryGroup(),
                                settings.names().reservations()),
                        settings.names().reservations()));
        services.start(ShopService.INVENTORY);
    }

    private void tellOfReturn(Services services) {
        if (killed && services.isReady(ShopService.INVENTORY)) {
            killed = false;
            say("inventory-service is back, %.1f s after it was killed"
                    .formatted((System.nanoTime() - killedNanos) / 1e9));
        }
    }

    /** Sends up to this many inputs in all, at the rate that was asked for. */
    private void send(OrderFeed feed, Watch watch, int upTo) throws InterruptedException {
        long begun = System.nanoTime();
        int first = feed.count();
        while (feed.count() < upTo) {
            long due =
                    first + (System.nanoTime() - begun) * settings.recordsPerSecond() / TimeUnit.SECONDS.toNanos(1) + 1;
            while (feed.count() < Math.min(due, upTo)) {
                feed.send(settings.inputs().get(feed.count()), expected.get(feed.count()));
                watch.look();
            }
            watch.pause();
        }
    }

    /**
     * Waits until a group has committed all of a topic: with its offsets, it has committed what follows from the
     * records.
     */
    private void awaitEnd(ShopCluster cluster, Watch watch, String group, String topic) throws InterruptedException {
        var lag = new Object() {
            long offsets = Long.MAX_VALUE;
            long readNanos = System.nanoTime() - LAG_INTERVAL_NANOS;
        };
        watch.await(
                () -> {
                    if (System.nanoTime() - lag.readNanos >= LAG_INTERVAL_NANOS) {
                        lag.offsets = cluster.lag(group, topic);
                        lag.readNanos = System.nanoTime();
                    }
                    return lag.offsets == 0;
                },
                group + " to commit the end of " + topic,
                () -> lag.offsets + " offsets are missing");
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
