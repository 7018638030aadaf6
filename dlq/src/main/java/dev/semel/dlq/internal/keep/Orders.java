package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.AnswerFormat;
import dev.semel.dlq.internal.command.Command;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The commands that are carried out in one partition.
 *
 * <h2>Exactly once</h2>
 *
 * <p>Which commands are answered is committed with each answer. The next owner carries out those that are not, and no others. Each letter's
 * state names the command that it comes from, so that one that is carried out again finds what it did, and does it no second time.
 *
 * <p>Guarded by the lock of its partition.
 */
final class Orders {

    private final Table table;
    private final Ends ends;
    private final Redrives redrives;
    private final Rewrites rewrites;
    private final InTurn discards;
    private final Edits edits;
    private final Changes changes;
    private final Store store;
    private final InstantSource clock;
    private final List<Order> all = new ArrayList<>();
    private final String answers;
    private CarriedOut before = CarriedOut.NOTHING;
    private long nextCommand;
    private @Nullable StoreNote note;

    /** @param answers the topic of answers to commands that came from theirs */
    Orders(
            Table table,
            Ends ends,
            Redrives redrives,
            Rewrites rewrites,
            InTurn discards,
            Edits edits,
            Changes changes,
            Store store,
            String answers,
            InstantSource clock) {
        this.table = table;
        this.ends = ends;
        this.redrives = redrives;
        this.rewrites = rewrites;
        this.discards = discards;
        this.edits = edits;
        this.changes = changes;
        this.store = store;
        this.answers = answers;
        this.clock = clock;
    }

    /** Which topics there were. */
    void begin(StoreNote restored) {
        note = restored;
    }

    /** These commands are carried out, or are not there any more. */
    void begin(CarriedOut commands) {
        before = commands;
        nextCommand = commands.from();
    }

    /** Where commands are to be read from. */
    long nextCommand() {
        return nextCommand;
    }

    /** Begins to carry it out. */
    void take(Order order) {
        if (order.commandOffset() != Order.FROM_HERE) {
            if (order.commandOffset() < nextCommand) {
                return;
            }
            nextCommand = order.commandOffset() + 1;
            if (before.has(order.commandOffset())) {
                return;
            }
        }
        all.add(order);
        Optional<List<Long>> letters = order.begin(Objects.requireNonNull(note, "not restored"));
        if (letters.isEmpty()) {
            for (long offset : order.command().offsets()) {
                order.skipped(offset, store.id(offset), "its topic was made anew since that was asked for: look again");
            }
        }
        for (long offset : letters.orElse(List.of())) {
            @Nullable Entry entry = table.get(offset);
            if (entry == null || !entry.isCommitted()) {
                notThere(order, offset, entry != null);
            } else {
                take(order, entry);
            }
        }
        answerWhatIsDone();
    }

    private void notThere(Order order, long offset, boolean isComing) {
        @Nullable KeptState end = ends.get(offset);
        if (isComing) {
            order.skipped(offset, store.id(offset), "its transaction is not committed yet: try again");
        } else if (end == null) {
            order.skipped(offset, store.id(offset), "it is not known: it is no letter, or its end is forgotten");
        } else if (order.command().id().equals(end.commandId())) {
            ended(order, offset, end);
        } else {
            order.duplicate(offset);
        }
    }

    private void take(Order order, Entry entry) {
        Command command = order.command();
        KeptState state = entry.state();
        String id = store.id(entry.offset(), state);
        if (command.id().equals(state.commandId())) {
            // Read again after another owner has begun it.
            if (state.state() == LetterState.REDRIVING) {
                entry.isFor(order);
            } else {
                ended(order, entry.offset(), state);
            }
        } else if (!entry.isIdle() || state.state() == LetterState.REDRIVING) {
            order.skipped(entry.offset(), id, busy(entry));
        } else if (!command.expected().contains(state.state())) {
            order.skipped(entry.offset(), id, "it is " + state.state() + ", which was not expected");
        } else if (command.kind() == Command.Kind.REDRIVE) {
            if (state.state() == LetterState.WAITING) {
                order.skipped(
                        entry.offset(), id, "it waits behind a letter of its key, and goes on by itself after that");
            } else {
                entry.isFor(order);
                redrives.want(entry);
            }
        } else if (command.kind() == Command.Kind.REWRITE) {
            if (!state.isLetter() || state.fault() == null) {
                order.skipped(entry.offset(), id, "it is no letter, or not known any more what it failed with");
            } else {
                entry.isFor(order);
                rewrites.want(entry);
            }
        } else if (command.kind() == Command.Kind.EDIT) {
            edits.take(order, entry);
        } else if (command.kind() == Command.Kind.DISCARD) {
            entry.isFor(order);
            entry.becomes(Entry.Phase.DISCARDING);
            discards.add(entry);
        } else {
            entry.isFor(order);
            entry.becomes(Entry.Phase.CHANGING);
            changes.own(new Change(entry, changed(command, state), null));
        }
    }

    private static String busy(Entry entry) {
        return switch (entry.phase()) {
            case CHANGING -> "another command is about to change it: try again";
            case DISCARDING -> "it is being discarded";
            case IDLE, WANTED, STARTING, HANDLING -> "it is being redriven";
        };
    }

    private KeptState changed(Command command, KeptState state) {
        LetterState next = switch (command.kind()) {
            case PARK -> LetterState.PARKED;
            case DISCARD -> LetterState.DISCARDED;
            case REDRIVE, REWRITE, EDIT ->
                throw new IllegalArgumentException(command.kind() + " leaves the state as it is");
        };
        return state.become(next, clock.millis(), command.reason()).by(command.actor(), command.id());
    }

    /** What a letter becomes that somebody gives up. */
    KeptState discarded(Entry entry) {
        Order order = Objects.requireNonNull(entry.order(), "nobody has asked for it");
        return changed(order.command(), entry.state());
    }

    /** The same of one that is handed in, by who has asked for it, and why. */
    KeptState asked(Entry entry, KeptState redriving) {
        @Nullable Order order = entry.order();
        if (order == null) {
            return redriving;
        }
        Command command = order.command();
        return redriving.because(command.reason()).by(command.actor(), command.id());
    }

    /** A letter has come to an end, or has been changed, and that is committed. */
    void ended(Entry entry) {
        @Nullable Order order = entry.order();
        if (order != null) {
            entry.isFor(null);
            ended(order, entry.offset(), entry.state());
        }
    }

    private void ended(Order order, long offset, KeptState state) {
        String id = store.id(offset, state);
        String reason = state.reason() == null ? state.state().toString() : state.reason();
        if (order.command().kind() != Command.Kind.REDRIVE) {
            order.applied(offset);
            return;
        }
        switch (state.state()) {
            case RESOLVED -> {
                if (Outcomes.isDuplicate(state)) {
                    order.duplicate(offset);
                } else {
                    order.applied(offset);
                }
            }
            case OPEN, PARKED -> {
                if (Outcomes.isBehind(state)) {
                    order.skipped(offset, id, reason);
                } else {
                    order.failedAgain(offset, id, reason);
                }
            }
            case DEFERRED -> order.skipped(offset, id, "it came too early, and redrives itself later");
            case QUARANTINED -> order.lost(offset, id, reason);
            case DISCARDED, WAITING, REDRIVING, SENT -> order.skipped(offset, id, reason);
        }
    }

    /**
     * Hands out what is not at its end, with what it is asked for.
     *
     * @return whether that was anything
     */
    boolean forEachLeft(BiConsumer<Order, Entry> taker) {
        boolean any = false;
        for (Order order : all) {
            for (long offset : order.left()) {
                @Nullable Entry entry = table.get(offset);
                if (entry != null && entry.order() == order) {
                    taker.accept(order, entry);
                    any = true;
                }
            }
        }
        return any;
    }

    /** Nothing is done about it, or it is not waited for. */
    void skipped(Order order, Entry entry, String why) {
        order.skipped(entry.offset(), store.id(entry.offset(), entry.state()), why);
    }

    /** Answers go with the next commit. */
    void answerWhatIsDone() {
        for (Iterator<Order> orders = all.iterator(); orders.hasNext(); ) {
            Order order = orders.next();
            if (order.finishes()) {
                orders.remove();
                Answer answer =
                        order.answer(store.source().topic(), store.source().partition());
                // Not on this thread, which holds the partition's lock.
                changes.own(new Changes.Extra(
                        records(order, answer), () -> order.answered().completeAsync(() -> answer)));
            }
        }
    }

    private List<ProducerRecord<byte[], byte[]>> records(Order order, Answer answer) {
        if (order.commandOffset() == Order.FROM_HERE) {
            return List.of();
        }
        return List.of(
                new ProducerRecord<>(answers, 0, answer.commandId().getBytes(UTF_8), AnswerFormat.write(answer)),
                store.commands(carriedOut().write()));
    }

    private CarriedOut carriedOut() {
        Set<Long> open = all.stream()
                .map(Order::commandOffset)
                .filter(offset -> offset != Order.FROM_HERE)
                .collect(Collectors.toCollection(HashSet::new));
        // Not read here yet.
        before.open().stream().filter(offset -> offset >= nextCommand).forEach(open::add);
        return new CarriedOut(Math.max(nextCommand, before.next()), open);
    }

    /** Nobody carries them out here any more. */
    void fail(RuntimeException cause) {
        all.forEach(order -> order.answered().completeExceptionally(cause));
        all.clear();
    }
}
