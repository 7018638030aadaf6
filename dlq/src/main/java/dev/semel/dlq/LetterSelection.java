package dev.semel.dlq;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.copy.RunSettings;
import dev.semel.dlq.internal.copy.Snapshot;
import dev.semel.dlq.internal.copy.Tally;
import dev.semel.dlq.internal.copy.Targets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Selected letters, and how to redrive them. It is a snapshot: with the first call of {@link #size}, {@link #groups}, {@link #plan}, {@link #redrive},
 * {@link #park} or {@link #discard} it is fixed which letters it has; those that arrive later, and those that match only later, are
 * in none of the calls after it.
 *
 * <p>A redrive has letters handled in place where they are kept by a group of our own, see {@link DeadLetters}: by the processor that
 * owns their source partition, with its own handler, so that no other group sees anything of it. A letter is resolved in the transaction
 * that has the outputs of its handler. What waits behind it goes on by itself. It is the owner who parks and discards letters, too.
 *
 * <p>All others, and all where {@link #to} names a topic, are copied: back to the topic from which they came first, or to that one,
 * exactly once. The copy and the letter's state are committed together, so that however it ends, another run goes on where it stopped.
 * Every group that reads the topic sees the copy. Copies of a key are sent in the order of their original offsets; a letter that is
 * refused stays open, and those of its key behind it stay too. A copy has the record's key, value and headers, without those that were
 * added for the letter; its timestamp too, unless the target would delete so old a record at once: then it has the time of the redrive.
 *
 * <p>Letters in a final state are left alone, {@link LetterState#PARKED}, {@link LetterState#QUARANTINED} and {@link LetterState#DEFERRED}
 * ones too unless the filter names the state.
 *
 * <p>For one thread at a time, except {@link #cancel}. Calls block until they are done. They throw {@link LettersRefusedException},
 * {@link LettersUnavailableException} and {@link OperatorFencedException}; and {@link NoOwnerException} where letters are handled in
 * place.
 */
public final class LetterSelection {

    private final DeadLetterReprocessor reprocessor;
    private final LetterFilter filter;
    private final Map<String, String> mapped = new HashMap<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private double ratePerSecond;
    private int canary;
    private Predicate<RedriveReport> goOn = report -> true;
    private double maxFailedShare = 1;
    private Consumer<RedriveReport> progress = report -> {};
    private final Grouping grouping = new Grouping();
    private @Nullable String target;
    private @Nullable String reason;
    private @Nullable Snapshot snapshot;

    LetterSelection(DeadLetterReprocessor reprocessor, LetterFilter filter) {
        this.reprocessor = reprocessor;
        this.filter = filter;
    }

    /** At most so many letters a second, evenly. Default: as fast as it goes. */
    public LetterSelection ratePerSecond(double letters) {
        if (!(letters > 0) || Double.isInfinite(letters)) {
            throw new ConfigurationException("ratePerSecond(" + letters + ") must be more than 0");
        }
        ratePerSecond = letters;
        return this;
    }

    /** So many letters first, and no more if one of them fails again. Default: none. */
    public LetterSelection canary(int letters) {
        return canary(letters, report -> true);
    }

    /**
     * So many letters first. If none of them failed again, the rest follows where it is said so.
     *
     * @param letters at least 1
     * @param goOn asked once, with what was done: the place to look at what the consumers made of the copies
     */
    public LetterSelection canary(int letters, Predicate<RedriveReport> goOn) {
        if (letters < 1) {
            throw new ConfigurationException("canary(" + letters + ") must be at least 1");
        }
        this.canary = letters;
        this.goOn = Objects.requireNonNull(goOn, "goOn");
        return this;
    }

    /**
     * Ends the run when more than this share of the letters that it tried has failed again; looked at after each transaction. Default: 1,
     * which is never.
     */
    public LetterSelection stopWhenFailedShareExceeds(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new ConfigurationException("stopWhenFailedShareExceeds(" + share + ") must be from 0 to 1");
        }
        maxFailedShare = share;
        return this;
    }

    /** Letters are copied to this topic, also those that are kept. Default: in place, or to the one from which each letter came first. */
    public LetterSelection to(String topic) {
        target = Objects.requireNonNull(topic, "topic");
        return this;
    }

    /**
     * Copies of letters from one topic go to another: for internal topics of Kafka Streams, whose letters are skipped otherwise. Where
     * both topics have as many partitions, a copy goes to that with the number of its origin; else to the partition of its key.
     */
    public LetterSelection mapOrigin(String origin, String topic) {
        mapped.put(Objects.requireNonNull(origin, "origin"), Objects.requireNonNull(topic, "topic"));
        return this;
    }

    /** Why there is a redrive, for those who look at a letter later. Default: not said. */
    public LetterSelection reason(String why) {
        checkLength("the reason", Objects.requireNonNull(why, "why"));
        reason = why;
        return this;
    }

    /**
     * Told after each transaction, and where letters are handled in place after each answer, on the thread that runs. What it throws
     * ends the run.
     */
    public LetterSelection progress(Consumer<RedriveReport> listener) {
        progress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /** How many letters match. */
    public long size() {
        return snapshot().matched();
    }

    /** The letters that would be taken up, by fault, the newest fault first. */
    public List<LetterGroup> groups() {
        snapshot();
        return grouping.newestFirst();
    }

    /** How many of these are kept by each group, whose processors are asked where they are redriven in place, parked or discarded. */
    public Map<String, Long> keepers() {
        Snapshot letters = snapshot().kept();
        Set<LetterState> takes = takes();
        Map<String, Long> keepers = new HashMap<>();
        for (int letter = 0; letter < letters.size(); letter++) {
            if (takes.contains(letters.state(letter))) {
                keepers.merge(String.valueOf(letters.keeper(letter)), 1L, Long::sum);
            }
        }
        return keepers;
    }

    /** What {@link #redrive} would do: a dry run, which checks the targets and writes nothing. */
    public RedrivePlan plan() {
        Snapshot letters = snapshot();
        return reprocessor.calling("planning", () -> {
            if (target != null) {
                return reprocessor
                        .redriver()
                        .plan(letters, targets(letters), takes(), reprocessor.view(), reprocessor.lost());
            }
            Snapshot others = letters.notKept();
            RedrivePlan ofOthers = reprocessor
                    .redriver()
                    .plan(others, targets(others), takes(), reprocessor.view(), reprocessor.lost());
            return reprocessor.inPlace().plan(letters.kept(), takes(), ofOthers);
        });
    }

    /** Has the letters handled in place, or copied. */
    public RedriveReport redrive() {
        Snapshot letters = snapshot();
        return reprocessor.calling("a redrive", () -> {
            if (target == null) {
                return reprocessor
                        .inPlace()
                        .run(settings(LetterState.SENT, reason, targets(letters.notKept())), letters);
            }
            RunSettings settings = settings(LetterState.SENT, reason, targets(letters));
            return reprocessor.redriver().run(settings, letters, new Tally(settings.redriveId(), letters));
        });
    }

    /** Puts the letters aside. A redrive takes them up again where its filter names {@link LetterState#PARKED}. */
    public RedriveReport park(String reason) {
        return change(LetterState.PARKED, reason);
    }

    /** Gives the letters up, for good. */
    public RedriveReport discard(String reason) {
        return change(LetterState.DISCARDED, reason);
    }

    private RedriveReport change(LetterState into, String why) {
        if (why.isBlank()) {
            throw new ConfigurationException(
                    "a reason is needed to have letters " + into + ": whoever finds them asks for it");
        }
        checkLength("the reason", why);
        Snapshot letters = snapshot();
        return reprocessor.calling(
                "a change of states", () -> reprocessor.inPlace().run(settings(into, why, null), letters));
    }

    /** Owners keep it in memory, for each letter. */
    static void checkLength(String what, String text) {
        if (text.length() > Command.MAX_TEXT) {
            throw new ConfigurationException(
                    what + " has " + text.length() + " characters, and at most " + Command.MAX_TEXT + " are kept");
        }
    }

    /**
     * Ends what runs after the transaction that it is in, and whatever would be begun; from any thread. Owners that were asked already are
     * waited for a second longer: what they do after that is done, and not in the report.
     */
    public void cancel() {
        cancelled.countDown();
    }

    private Snapshot snapshot() {
        Snapshot taken = snapshot;
        if (taken == null) {
            Set<LetterState> takes = takes();
            taken = reprocessor.snapshot(letter -> {
                boolean matches = filter.matches(letter);
                if (matches && takes.contains(letter.state())) {
                    grouping.add(letter);
                }
                return matches;
            });
            snapshot = taken;
        }
        return taken;
    }

    private Targets targets(Snapshot letters) throws Exception {
        return reprocessor.redriver().targets(target, mapped, letters);
    }

    private Set<LetterState> takes() {
        EnumSet<LetterState> takes = EnumSet.of(LetterState.OPEN);
        for (LetterState state : EnumSet.of(LetterState.PARKED, LetterState.QUARANTINED, LetterState.DEFERRED)) {
            if (filter.names(state)) {
                takes.add(state);
            }
        }
        return takes;
    }

    private RunSettings settings(LetterState into, @Nullable String why, @Nullable Targets targets) {
        Set<LetterState> takes = takes();
        takes.remove(into);
        return new RunSettings(
                UUID.randomUUID().toString(),
                reprocessor.actor(),
                why,
                into,
                takes,
                targets,
                ratePerSecond,
                canary,
                goOn,
                maxFailedShare,
                cancelled,
                progress);
    }
}
