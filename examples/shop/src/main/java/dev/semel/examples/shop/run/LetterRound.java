package dev.semel.examples.shop.run;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.InPlaceReport;
import dev.semel.dlq.LetterState;
import dev.semel.examples.shop.balance.Redrive;
import dev.semel.examples.shop.run.Services.ShopService;
import dev.semel.examples.shop.service.KeptLetter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * What an operator does about the dead letters of a run: looks at them, has the fault fixed that handlers failed with, has
 * these letters handled again, and gives up what nobody can read. The services do it, each for its own letters, and what
 * waited behind them goes on by itself. For one thread.
 */
final class LetterRound {

    private static final int BATCH = 25;

    private final Services services;
    private final Watch watch;
    private final Consumer<String> teller;
    private final Map<ShopService, LetterClient> clients = new EnumMap<>(ShopService.class);
    private final Set<String> redriven = new HashSet<>();
    private final Map<String, String> discarded = new HashMap<>();

    /** Letters for which something was tried, with success or without: no second time. */
    private final Set<String> tried = new HashSet<>();

    /** @param teller is told what happens */
    LetterRound(Services services, Watch watch, Consumer<String> teller) {
        this.services = services;
        this.watch = watch;
        this.teller = teller;
    }

    /** Lists what all services keep, by fault, and tells it. */
    List<KeptLetter> list() throws InterruptedException {
        var all = new ArrayList<KeptLetter>();
        for (ShopService service : ShopService.values()) {
            List<KeptLetter> letters = client(service).letters();
            if (!letters.isEmpty()) {
                list(service, letters);
            }
            all.addAll(letters);
        }
        if (all.isEmpty()) {
            teller.accept("there are no dead letters");
        }
        return all;
    }

    private void list(ShopService service, List<KeptLetter> letters) {
        Map<String, List<KeptLetter>> byFault = letters.stream()
                .filter(LetterRound::isOpen)
                .sorted(Comparator.comparing(KeptLetter::id))
                .collect(Collectors.groupingBy(LetterRound::fault));
        long open = letters.stream().filter(LetterRound::isOpen).count();
        teller.accept("%s: %,d dead letter(s), %,d event(s) wait behind them"
                .formatted(service, open, letters.size() - open));
        byFault.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(fault -> teller.accept("  %,5d  %s, such as %s"
                        .formatted(
                                fault.getValue().size(),
                                fault.getKey(),
                                fault.getValue().get(0).id())));
    }

    private static String fault(KeptLetter letter) {
        String exception = "" + letter.exception();
        return "%-22s  %s  %s"
                .formatted(
                        letter.failureClass(),
                        letter.fingerprint(),
                        exception.substring(exception.lastIndexOf('.') + 1));
    }

    /**
     * Has the fault fixed everywhere, since what is redriven in one service comes to the next.
     *
     * @param letters that there are
     */
    void fix(List<KeptLetter> letters) throws InterruptedException {
        for (ShopService service : ShopService.values()) {
            client(service).fixFault();
        }
        if (letters.stream().anyMatch(LetterRound::isHandlerException)) {
            teller.accept("the fault is fixed: handlers are no longer made to fail");
        }
    }

    /** Has a service's letters handled again or given up, until it keeps nothing, or nothing more can be done. */
    void redrive(ShopService service) throws InterruptedException {
        long before = redriven.size();
        long discardedBefore = discarded.size();
        List<KeptLetter> letters = client(service).letters();
        long waiting = letters.stream().filter(letter -> !isOpen(letter)).count();
        boolean any = !letters.isEmpty();
        while (!letters.isEmpty()) {
            boolean isDone = !handleAgain(service, letters) && !giveUp(service, letters);
            if (isDone && letters.stream().anyMatch(letter -> tried.contains(letter.id()))) {
                // It failed again. The balance says what is missing.
                break;
            }
            if (isDone) {
                List<KeptLetter> left = letters;
                watch.awaitSeldom(
                        () -> !client(service).letters().equals(left),
                        service + " to handle what waited behind its letters",
                        () -> left.size() + " are left");
            }
            letters = client(service).letters();
        }
        watch.doing("");
        if (any) {
            teller.accept("%s: redriven %,d, discarded %,d%s"
                    .formatted(
                            service,
                            redriven.size() - before,
                            discarded.size() - discardedBefore,
                            waiting == 0 ? "" : "; %,d event(s) that waited went on".formatted(waiting)));
        }
    }

    private boolean handleAgain(ShopService service, List<KeptLetter> letters) throws InterruptedException {
        List<String> ids = ids(letters, LetterRound::isHandlerException);
        for (List<String> batch : batches(ids)) {
            InPlaceReport report = client(service).redrive(batch);
            redriven.addAll(applied(service, batch, report));
            watch.doing("%s: redriven %,d of %,d".formatted(service, tried(ids), ids.size()));
            watch.look();
        }
        return !ids.isEmpty();
    }

    private boolean giveUp(ShopService service, List<KeptLetter> letters) throws InterruptedException {
        List<String> ids = ids(letters, letter -> !isHandlerException(letter));
        for (List<String> batch : batches(ids)) {
            InPlaceReport report = client(service).discard(batch, Redrive.UNREADABLE);
            applied(service, batch, report).forEach(id -> discarded.put(id, Redrive.UNREADABLE));
            watch.doing("%s: discarded %,d of %,d".formatted(service, tried(ids), ids.size()));
            watch.look();
        }
        return !ids.isEmpty();
    }

    private long tried(List<String> ids) {
        return ids.stream().filter(tried::contains).count();
    }

    /** Those for which it was done. */
    private Set<String> applied(ShopService service, List<String> batch, InPlaceReport report) {
        tried.addAll(batch);
        var applied = new HashSet<>(batch);
        applied.removeAll(report.failedAgain().keySet());
        applied.removeAll(report.skipped().keySet());
        report.failedAgain().forEach((id, why) -> teller.accept("%s: %s failed again: %s".formatted(service, id, why)));
        report.skipped().forEach((id, why) -> teller.accept("%s: %s stays: %s".formatted(service, id, why)));
        return applied;
    }

    private List<String> ids(List<KeptLetter> letters, Predicate<KeptLetter> which) {
        return letters.stream()
                .filter(letter -> isOpen(letter) && which.test(letter) && !tried.contains(letter.id()))
                .map(KeptLetter::id)
                .toList();
    }

    private static List<List<String>> batches(List<String> ids) {
        var batches = new ArrayList<List<String>>();
        for (int from = 0; from < ids.size(); from += BATCH) {
            batches.add(ids.subList(from, Math.min(from + BATCH, ids.size())));
        }
        return batches;
    }

    private static boolean isOpen(KeptLetter letter) {
        return letter.state() == LetterState.OPEN;
    }

    private static boolean isHandlerException(KeptLetter letter) {
        return FailureClass.HANDLER_EXCEPTION.name().equals(letter.failureClass());
    }

    private LetterClient client(ShopService service) {
        return clients.computeIfAbsent(service, services::letters);
    }

    /** @param fixedAt where the commands to the inventory ended when the fault was fixed */
    Redrive outcome(Map<TopicPartition, Long> fixedAt) throws InterruptedException {
        var left = new ArrayList<String>();
        for (ShopService service : ShopService.values()) {
            client(service).letters().forEach(letter -> left.add(letter.id() + " is " + letter.state()));
        }
        return new Redrive(fixedAt, redriven, discarded, left);
    }
}
