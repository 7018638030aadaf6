package dev.semel.examples.shop.run;

import dev.semel.examples.shop.balance.Expected;
import dev.semel.examples.shop.balance.Redrive;
import dev.semel.examples.shop.balance.Sent;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.run.Services.ShopService;
import dev.semel.examples.shop.service.KeptLetter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What is done to a shop that runs: inputs are sent to it, two of its services are killed in the middle, it is given the
 * time to come to the end of its topics, and its dead letters are taken care of. For one thread.
 */
final class Scenario {

    private static final Duration FIRST_ANSWER_PATIENCE = Duration.ofSeconds(10);

    private final RunSettings settings;
    private final ShopNames names;
    private final List<Expected> expected;
    private final ShopCluster cluster;
    private final Services services;
    private final CommittedView view;
    private final Feed feed;
    private final Watch watch;
    private final Consumer<String> teller;

    private final Map<ShopService, Long> killedNanos = new EnumMap<>(ShopService.class);

    /**
     * @param expected what has to become of each input
     * @param teller is told what happens
     */
    Scenario(
            RunSettings settings,
            List<Expected> expected,
            ShopCluster cluster,
            Services services,
            CommittedView view,
            Feed feed,
            Watch watch,
            Consumer<String> teller) {
        this.settings = settings;
        this.names = settings.names();
        this.expected = expected;
        this.cluster = cluster;
        this.services = services;
        this.view = view;
        this.feed = feed;
        this.watch = watch;
        this.teller = teller;
    }

    /** Plays it to the end, and tells what was sent. */
    List<Sent> play() throws InterruptedException {
        teller.accept("sending %,d records to %s and %s, %,d a second"
                .formatted(expected.size(), names.orders(), names.payments(), settings.recordsPerSecond()));
        if (settings.kill() && !expected.isEmpty()) {
            send(expected.size() * 2 / 5);
            // Only services that have done something have something to lose.
            watch.await(this::allHaveBegun, FIRST_ANSWER_PATIENCE);
            send(Math.max(1, expected.size() / 2));
            kill(ShopService.INVENTORY);
            kill(ShopService.CONFIRMATION);
        }
        send(expected.size());
        List<Sent> sent = feed.acknowledged();
        for (ShopService service : ShopService.values()) {
            awaitEnd(service);
        }
        awaitView();
        return sent;
    }

    /**
     * Has the dead letters redriven, or given up, that there are by now: service by service, since what is redriven in one
     * of them comes to the next.
     */
    Redrive redrive() throws InterruptedException {
        Map<TopicPartition, Long> fixedAt = cluster.ends(List.of(names.reservations()));
        var round = new LetterRound(services, watch, teller);
        List<KeptLetter> letters = round.list();
        if (!letters.isEmpty()) {
            round.fix(letters);
            for (ShopService service : ShopService.values()) {
                awaitEnd(service);
                round.redrive(service);
            }
            awaitView();
        }
        return round.outcome(fixedAt);
    }

    /** Sends up to this many inputs in all, at the rate that was asked for. */
    private void send(int upTo) throws InterruptedException {
        long begunNanos = System.nanoTime();
        int first = feed.count();
        while (feed.count() < upTo) {
            long nanos = System.nanoTime() - begunNanos;
            long due = first + nanos * settings.recordsPerSecond() / TimeUnit.SECONDS.toNanos(1) + 1;
            while (feed.count() < Math.min(due, upTo)) {
                feed.send(settings.inputs().get(feed.count()), expected.get(feed.count()));
                watch.look();
            }
            watch.pause();
        }
    }

    private boolean allHaveBegun() {
        List<Input> sent = settings.inputs().subList(0, feed.count());
        boolean isPaid = sent.stream().anyMatch(input -> input.kind() == Input.Kind.PAYMENT);
        return (sent.isEmpty() || view.model().lines().all() > 0) && (!isPaid || view.confirmed() > 0);
    }

    private void kill(ShopService service) {
        String topic = service.topic(names);
        services.kill(service);
        killedNanos.put(service, System.nanoTime());
        teller.accept("killed %s (SIGKILL) with %,d offsets of %s not committed; starting it again"
                .formatted(service, cluster.lag(service.group(names), topic), topic));
        services.start(service);
    }

    /** Says once that a service which was killed is there again, when it is. */
    void tellOfReturn() {
        killedNanos.entrySet().removeIf(killed -> {
            if (!services.isReady(killed.getKey())) {
                return false;
            }
            double seconds = (System.nanoTime() - killed.getValue()) / 1e9;
            teller.accept("%s is back, %.1f s after it was killed".formatted(killed.getKey(), seconds));
            return true;
        });
    }

    /**
     * Waits until a service has committed all of its topic: what follows from the records was committed with the offsets.
     */
    private void awaitEnd(ShopService service) throws InterruptedException {
        String group = service.group(names);
        String topic = service.topic(names);
        var lag = new Object() {
            long offsets = Long.MAX_VALUE;
        };
        watch.awaitSeldom(
                () -> {
                    long before = lag.offsets;
                    lag.offsets = cluster.lag(group, topic);
                    if (lag.offsets != before) {
                        // What waits behind a letter shows nowhere else.
                        watch.hasMoved();
                    }
                    return lag.offsets == 0;
                },
                group + " to commit the end of " + topic,
                () -> lag.offsets + " offsets are missing");
    }

    private void awaitView() throws InterruptedException {
        Map<TopicPartition, Long> ends = cluster.ends(names.topics());
        watch.await(() -> view.hasReached(ends), "all topics to be readable up to " + ends, () -> "they are not");
        watch.show();
    }
}
