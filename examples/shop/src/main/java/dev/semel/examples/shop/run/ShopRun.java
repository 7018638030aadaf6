package dev.semel.examples.shop.run;

import dev.semel.examples.shop.balance.Balance;
import dev.semel.examples.shop.balance.Evidence;
import dev.semel.examples.shop.balance.Expected;
import dev.semel.examples.shop.balance.Redrive;
import dev.semel.examples.shop.balance.Sent;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.mail.MailServer;
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
        this.expected =
                settings.inputs().stream().map(input -> Expected.of(input)).toList();
    }

    /**
     * Runs to the end.
     *
     * @throws RunFailedException where that is not reached
     */
    public Balance run() throws InterruptedException {
        try (ShopDatabase database = database();
                ShopCluster cluster = cluster();
                MailServer mails = MailServer.start(settings.mailTroubles())) {
            database.createTables();
            cluster.createTopics(settings.names());
            Balance balance = runOn(cluster, database, mails);
            clearUp(cluster, database, balance);
            return balance;
        }
    }

    private ShopDatabase database() {
        if (settings.database().isPresent()) {
            return ShopDatabase.at(settings.database().get());
        }
        say("starting PostgreSQL");
        return ShopDatabase.start(
                settings.directory().resolve("postgresql"), settings.names().schema());
    }

    private ShopCluster cluster() {
        if (settings.bootstrapServers().isPresent()) {
            return ShopCluster.at(settings.bootstrapServers().get());
        }
        say("starting a broker");
        return ShopCluster.start(settings.directory().resolve("broker"));
    }

    private Balance runOn(ShopCluster cluster, ShopDatabase database, MailServer mails) throws InterruptedException {
        ShopNames names = settings.names();
        String bootstrapServers = cluster.bootstrapServers();
        var serviceSettings =
                new ServiceSettings(bootstrapServers, names, settings.failures(), mails.address(), database.settings());
        say("starting order, inventory, payment and confirmation service at " + bootstrapServers + " and "
                + database.settings());
        try (var services = new Services(serviceSettings, settings.directory());
                var view = new CommittedView(bootstrapServers, names);
                var feed = new Feed(bootstrapServers, names)) {
            for (ShopService service : ShopService.values()) {
                services.start(service);
            }
            for (ShopService service : ShopService.values()) {
                services.awaitReady(service);
            }
            var watch = new Watch(progress, settings.inputs().size(), settledAtTheEnd(), view, feed);
            var scenario = new Scenario(settings, expected, cluster, services, view, feed, watch, this::say);
            watch.lookAfter(cluster::checkAlive);
            watch.lookAfter(services::checkAlive);
            watch.lookAfter(scenario::tellOfReturn);
            List<Sent> sent = scenario.play();
            Redrive redrive = scenario.redrive();
            progress.close();
            say("all settled; comparing %,d inputs with the topics, the tables and the mails".formatted(sent.size()));
            long duplicates = services.duplicates(ShopService.PAYMENT, records(sent, Input.Kind.PAYMENT));
            return Balance.of(
                    new Evidence(sent, view.ledger(), view.model(), database.stock(), mails.log(), redrive, duplicates),
                    settings.failures());
        }
    }

    private static long records(List<Sent> sent, Input.Kind kind) {
        return sent.stream().filter(one -> one.input().kind() == kind).count();
    }

    /**
     * How many records there are in the end: an answer to each command, a confirmation of each payment, and a letter of
     * what nobody can read.
     */
    private long settledAtTheEnd() {
        long commands = expected.stream()
                .filter(Expected.Commands.class::isInstance)
                .mapToLong(one -> ((Expected.Commands) one).commands().size())
                .sum();
        long letters =
                expected.stream().filter(Expected.Letter.class::isInstance).count();
        long receipts = expected.stream()
                .filter(Expected.Receipt.class::isInstance)
                .distinct()
                .count();
        return commands + letters + receipts;
    }

    /** Leaves nothing behind where others are, unless somebody will want to look at it. */
    private void clearUp(ShopCluster cluster, ShopDatabase database, Balance balance) {
        if (settings.bootstrapServers().isPresent()) {
            clearUp(balance, "topics " + settings.names().topics(), () -> cluster.deleteTopics(settings.names()));
        }
        if (settings.database().isPresent()) {
            clearUp(balance, "tables in schema " + settings.names().schema(), database::dropTables);
        }
    }

    private void clearUp(Balance balance, String what, Runnable action) {
        if (!balance.isBalanced()) {
            say("what may be wanted for a look at it stays: " + what);
            return;
        }
        try {
            action.run();
        } catch (RunFailedException e) {
            say("the run is over, but these are still there: " + what + ": " + e.getMessage());
        }
    }

    private void say(String line) {
        progress.say("%5.1f s  %s".formatted((System.nanoTime() - startedNanos) / 1e9, line));
    }
}
