package dev.semel.dlq.internal.command;

import dev.semel.dlq.LetterState;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
 */
public record Command(
        Kind kind, String id, String actor, @Nullable String reason, Set<LetterState> expected, List<Long> offsets) {

    /** Ids, names and reasons are kept in memory for each letter. */
    public static final int MAX_TEXT = 500;

    /** What to do. */
    public enum Kind {
        /** Handle it again. */
        REDRIVE,
        /** Put it aside. */
        PARK,
        /** It is open again. */
        UNPARK,
        /** Write it to the letter topic again. */
        REWRITE,
        /** Give it up. */
        DISCARD
    }

    public Command {
        Objects.requireNonNull(kind, "kind");
        check("command id", id);
        check("actor", actor);
        if (reason != null) {
            check("reason", reason);
        }
        if (reason == null && (kind == Kind.DISCARD || kind == Kind.PARK)) {
            throw new IllegalArgumentException(kind + " needs a reason: say why, for those who look at it later");
        }
        expected = Set.copyOf(expected.isEmpty() ? EnumSet.noneOf(LetterState.class) : EnumSet.copyOf(expected));
        offsets = offsets.stream().sorted().distinct().toList();
    }

    private static void check(String what, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    what + " '" + text + "' must not be blank, and have at most " + MAX_TEXT + " characters");
        }
    }
}
