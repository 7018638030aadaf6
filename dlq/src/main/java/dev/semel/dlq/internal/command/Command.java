package dev.semel.dlq.internal.command;

import dev.semel.dlq.LetterState;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about letters of one source partition. Carried out twice it has the effect of once: letters say by which command
 * they have come to their state.
 *
 * @param kind what to do
 * @param id names the command; the same for all partitions that it is sent to
 * @param actor who wants it
 * @param reason why; null where nobody said so
 * @param expected a letter in another state is skipped
 * @param offsets the letters', in the source partition
 * @param edit what is to become of the one letter that it is about; null but for {@link Kind#EDIT}
 */
public record Command(
        Kind kind,
        String id,
        String actor,
        @Nullable String reason,
        Set<LetterState> expected,
        List<Long> offsets,
        @Nullable Edit edit) {

    /** Ids, names and reasons are kept in memory for each letter. */
    public static final int MAX_TEXT = 500;

    /** What to do. */
    public enum Kind {
        /** Handle it again. */
        REDRIVE,
        /** Put it aside. */
        PARK,
        /** Write it to the letter topic again. */
        REWRITE,
        /** Give it up. */
        DISCARD,
        /** Write another letter in its place, with another record. */
        EDIT
    }

    /**
     * A record in place of the one in a letter.
     *
     * @param edits how often the letter was edited before: with another number it is another letter
     * @param timestamp the record's, as it was
     * @param key the record's, as it was
     * @param value the new one
     * @param headers the new ones
     * @param message what the letter says of its failure
     */
    public record Edit(
            int edits,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers,
            @Nullable String message) {

        public Edit {
            headers = List.copyOf(headers);
        }
    }

    /** One that edits nothing. */
    public Command(
            Kind kind,
            String id,
            String actor,
            @Nullable String reason,
            Set<LetterState> expected,
            List<Long> offsets) {
        this(kind, id, actor, reason, expected, offsets, null);
    }

    public Command {
        Objects.requireNonNull(kind, "kind");
        check("command id", id);
        check("actor", actor);
        if (reason != null) {
            check("reason", reason);
        }
        if (reason == null && (kind == Kind.DISCARD || kind == Kind.PARK || kind == Kind.EDIT)) {
            throw new IllegalArgumentException(kind + " needs a reason: say why, for those who look at it later");
        }
        expected = Set.copyOf(expected.isEmpty() ? EnumSet.noneOf(LetterState.class) : EnumSet.copyOf(expected));
        offsets = offsets.stream().sorted().distinct().toList();
        if ((kind == Kind.EDIT) != (edit != null) || edit != null && offsets.size() != 1) {
            throw new IllegalArgumentException(kind + " of " + offsets.size() + " letter(s) with"
                    + (edit == null ? "out" : "") + " a record: an edit, and only that, is of one letter and has one");
        }
    }

    private static void check(String what, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    what + " '" + text + "' must not be blank, and have at most " + MAX_TEXT + " characters");
        }
    }
}
