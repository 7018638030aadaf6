package dev.semel.dlq.internal.inplace;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.NoOwnerException;
import dev.semel.dlq.OperatorFencedException;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.CommandTopics;
import dev.semel.dlq.internal.command.LetterCommands;
import dev.semel.dlq.internal.command.NoAnswerException;
import dev.semel.dlq.internal.copy.Pace;
import dev.semel.dlq.internal.copy.RunSettings;
import dev.semel.dlq.internal.copy.Snapshot;
import dev.semel.dlq.internal.copy.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Goes through kept letters, some at a time: asks their owners, and waits until those have answered. What is asked for twice is done
 * once, whatever becomes of this run. Used once, by one thread.
 */
final class OwnersRun {

    /** Each is lost at another place; its state has that. */
    private static final String LOST = "its bytes are lost";

    private final RunSettings settings;
    private final Snapshot kept;
    private final Turns turns;
    private final int others;
    private final Tally tally;
    private final Function<String, LetterCommands> commands;
    private final Cluster cluster;
    private final CommandPaths paths;
    private final Duration deadline;
    private final Portions portions = new Portions();
    private int asked;

    /**
     * @param others how many letters are to follow that are not kept
     * @param commands sends them to a group, and fences whoever did
     */
    OwnersRun(
            RunSettings settings,
            Snapshot kept,
            int others,
            Tally tally,
            Function<String, LetterCommands> commands,
            Cluster cluster,
            CommandPaths paths,
            Duration deadline) {
        this.settings = settings;
        this.kept = kept;
        this.turns = Turns.of(kept);
        this.others = others;
        this.tally = tally;
        this.commands = commands;
        this.cluster = cluster;
        this.paths = paths;
        this.deadline = deadline;
    }

    Ending run() throws Exception {
        tally.duplicate(turns.duplicates());
        var pace = new Pace(settings.ratePerSecond(), System::nanoTime, settings.cancelled());
        @Nullable LetterCommands open = null;
        String openTo = "";
        try {
            for (int done = 0; done < turns.size(); ) {
                String group = group(done);
                if (open == null || !group.equals(openTo)) {
                    if (open != null) {
                        open.close();
                    }
                    open = commands.apply(group);
                    openTo = group;
                    tally.begins();
                }
                int[] portion = portion(done, group, pace.due(portions.next()));
                pace.await(portion.length);
                if (settings.cancelled().getCount() == 0) {
                    return Ending.CANCELLED;
                }
                if (!ask(open, group, portion)) {
                    settings.progress().accept(tally.report(Ending.RUNNING));
                    return Ending.CANCELLED;
                }
                done += portion.length;
                @Nullable Ending ending = judge(done);
                if (ending != null) {
                    return ending;
                }
            }
            return Ending.DONE;
        } finally {
            if (open != null) {
                open.close();
            }
        }
    }

    private @Nullable Ending judge(int done) {
        RedriveReport soFar = tally.report(Ending.RUNNING);
        settings.progress().accept(soFar);
        boolean isAll = done == turns.size() && others == 0;
        if (done == settings.canary()
                && (tally.failedCount() > 0 || !settings.goOn().test(soFar))) {
            return isAll ? Ending.DONE : Ending.STOPPED_AFTER_CANARY;
        }
        return tally.failedShare() > settings.maxFailedShare() && !isAll ? Ending.TOO_MANY_FAILED : null;
    }

    private String group(int n) {
        return Objects.requireNonNull(kept.keeper(turns.letter(n)), "not kept");
    }

    /** The next of the same group; up to the end of the canary. */
    private int[] portion(int from, String group, int most) {
        int end = Math.min(turns.size(), from + most);
        end = from < settings.canary() ? Math.min(end, settings.canary()) : end;
        var portion = new int[end - from];
        for (int i = from; i < end; i++) {
            if (!group(i).equals(group)) {
                return Arrays.copyOf(portion, i - from);
            }
            portion[i - from] = turns.letter(i);
        }
        return portion;
    }

    /** Tells whether all of them were answered: not where somebody cancels meanwhile. */
    private boolean ask(LetterCommands to, String group, int[] portion) throws Exception {
        Map<TopicPartition, List<Long>> letters = new HashMap<>();
        for (int letter : portion) {
            LetterState state = kept.state(letter);
            if (settings.takes().contains(state)) {
                letters.computeIfAbsent(Objects.requireNonNull(kept.origin(letter)), first -> new ArrayList<>())
                        .add(kept.originOffset(letter));
            } else {
                tally.skipped(Tally.inState(state));
            }
        }
        if (letters.isEmpty()) {
            return true;
        }
        paths.check(group, letters.keySet());
        int answered = 0;
        long startedNanos = System.nanoTime();
        try {
            List<Answer> answers = to.send(
                    kind(),
                    // Letters keep it; what is before the first slash names the run.
                    settings.redriveId() + "/" + asked++,
                    settings.actor(),
                    settings.reason(),
                    settings.takes(),
                    letters,
                    kept.topics(group),
                    deadline,
                    () -> settings.cancelled().getCount() == 0);
            for (Answer answer : answers) {
                count(group, answer);
                answered += answer.read();
            }
        } catch (NoAnswerException e) {
            e.answers().forEach(answer -> count(group, answer));
            // Where the cluster is away, this says so.
            cluster.topic(CommandTopics.answers(group));
            throw new NoOwnerException(
                    e.getMessage() + ". So far: " + tally.report(Ending.RUNNING),
                    group,
                    e.silent(),
                    tally.report(Ending.RUNNING),
                    e);
        } catch (OperatorFencedException e) {
            throw new OperatorFencedException(e.getMessage() + ". So far: " + tally.report(Ending.RUNNING), e);
        }
        portions.took(System.nanoTime() - startedNanos);
        return answered == letters.values().stream().mapToInt(List::size).sum();
    }

    private Command.Kind kind() {
        return switch (settings.into()) {
            case PARKED -> Command.Kind.PARK;
            case DISCARDED -> Command.Kind.DISCARD;
            default -> Command.Kind.REDRIVE;
        };
    }

    private void count(String group, Answer answer) {
        tally.appliedBy(group, answer.applied());
        tally.duplicate(answer.duplicate());
        tally.failed(answer.failedAgain().size());
        answer.skipped().forEach((id, why) -> {
            if (answer.lost().contains(id)) {
                tally.skipped(LOST);
                tally.lost(id);
            } else {
                tally.skipped(why);
            }
        });
    }
}
