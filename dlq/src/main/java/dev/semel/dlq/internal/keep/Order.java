package dev.semel.dlq.internal.keep;

import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.Command;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A command that is carried out in one partition. Guarded by the lock of its partition. */
final class Order {

    /** It came from somebody in this process, and not from the topic of commands. */
    static final long FROM_HERE = -1;

    private final Command command;
    private final long commandOffset;
    private final @Nullable Uuid topic;
    private final CompletableFuture<Answer> answered = new CompletableFuture<>();
    private final Set<Long> left;
    private final Map<String, String> failedAgain = new HashMap<>();
    private final Map<String, String> skipped = new HashMap<>();
    private final Set<String> lost = new HashSet<>();
    private int applied;
    private int duplicate;
    private boolean isFinished;
    private @Nullable String refusal;

    /**
     * @param commandOffset where it was read, or {@link #FROM_HERE}
     * @param topic of which topic its offsets are; null where it does not say so
     */
    Order(Command command, long commandOffset, @Nullable Uuid topic) {
        this.command = command;
        this.commandOffset = commandOffset;
        this.topic = topic;
        this.left = new HashSet<>(command.offsets());
    }

    /**
     * Begins: offsets are of the topic that whoever gave the command saw, and there may be another by now.
     *
     * @return the letters by address; empty where it cannot be told which these are
     */
    Optional<List<Long>> begin(StoreNote note) {
        int of = topic != null
                ? note.number(topic)
                : commandOffset == FROM_HERE || note.present() == 0 ? note.present() : -1;
        if (of < 0) {
            return Optional.empty();
        }
        List<Long> addresses = command.offsets().stream()
                .map(offset -> offset < 0 || of == note.present() ? offset : Addresses.earlier(of, offset))
                .toList();
        left.clear();
        left.addAll(addresses);
        return Optional.of(addresses);
    }

    Command command() {
        return command;
    }

    long commandOffset() {
        return commandOffset;
    }

    /** The letters of which the end is awaited. */
    List<Long> left() {
        return List.copyOf(left);
    }

    /** Completed when the transaction with the answer is committed. */
    CompletableFuture<Answer> answered() {
        return answered;
    }

    /** Why its owner does not carry it out, whatever state its letters are in; null where it may. */
    @Nullable String refusal() {
        return refusal;
    }

    void isRefused(String why) {
        refusal = why;
    }

    void applied(long offset) {
        if (left.remove(offset)) {
            applied++;
        }
    }

    void duplicate(long offset) {
        if (left.remove(offset)) {
            duplicate++;
        }
    }

    void failedAgain(long offset, String id, String reason) {
        if (left.remove(offset)) {
            failedAgain.put(id, reason);
        }
    }

    void skipped(long offset, String id, String reason) {
        if (left.remove(offset)) {
            skipped.put(id, reason);
        }
    }

    /** Its bytes are not there any more. */
    void lost(long offset, String id, String reason) {
        skipped(offset, id, reason);
        if (skipped.containsKey(id)) {
            lost.add(id);
        }
    }

    /** Whether nothing is left to be done; tells so once. */
    boolean finishes() {
        if (isFinished || !left.isEmpty()) {
            return false;
        }
        isFinished = true;
        return true;
    }

    Answer answer(String topic, int partition) {
        return new Answer(
                command.id(),
                topic,
                partition,
                command.offsets().size(),
                applied,
                duplicate,
                failedAgain,
                skipped,
                lost);
    }
}
