package dev.semel.dlq.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.StateChange;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of the state topic, as people can read them too: a line with the version, then {@code name=value} lines in UTF-8. The key is
 * the letter's id; keys that begin with a zero byte are the redriver's own notes, since no id does.
 */
final class StateFormat {

    private static final String VERSION = "1";
    private static final int MAX_TEXT = 2_000;

    /** Who redrives. */
    static final byte[] OPERATOR = note("operator");

    /** Which letter topic this is about, by its id. */
    static final byte[] TOPIC = note("topic");

    private static final String SEEN = "seen/";

    private StateFormat() {}

    static boolean isNote(byte[] key) {
        return key.length > 0 && key[0] == 0;
    }

    static byte[] seen(SeenPack pack) {
        return note(SEEN + pack.partition() + "/" + pack.first());
    }

    /** Whether a note is a pack of letters that were seen. */
    static boolean isSeen(byte[] key) {
        return isNote(key) && new String(key, 1, key.length - 1, UTF_8).startsWith(SEEN);
    }

    private static byte[] note(String name) {
        return ("\0" + name).getBytes(UTF_8);
    }

    static byte[] write(StateChange change) {
        var text = new StringBuilder(VERSION);
        add(text, "state", change.state().name());
        add(text, "redrive", change.redriveId());
        add(text, "actor", change.actor());
        add(text, "reason", change.reason());
        add(text, "at", change.at().toString());
        add(text, "attempts", Integer.toString(change.attempts()));
        add(text, "target", change.target());
        return text.toString().getBytes(UTF_8);
    }

    private static void add(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            String bounded = value.length() <= MAX_TEXT ? value : value.substring(0, MAX_TEXT);
            text.append('\n')
                    .append(name)
                    .append('=')
                    .append(bounded.replace("\\", "\\\\").replace("\n", "\\n"));
        }
    }

    /** Whether a value looks like what {@link #write} gives; so does one that was taken back. */
    static boolean isChange(byte @Nullable [] value) {
        return value == null || new String(value, UTF_8).startsWith(VERSION + "\nstate=");
    }

    /** @throws IllegalArgumentException where it is no such record */
    static StateChange read(byte[] value) {
        String[] lines = new String(value, UTF_8).split("\n");
        if (!lines[0].equals(VERSION)) {
            throw new IllegalArgumentException("its format has version '" + lines[0] + "', and " + VERSION
                    + " is the newest that is known: a newer release wrote it");
        }
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int equals = lines[i].indexOf('=');
            if (equals > 0) {
                fields.put(lines[i].substring(0, equals), unescaped(lines[i].substring(equals + 1)));
            }
        }
        try {
            return new StateChange(
                    LetterState.valueOf(required(fields, "state")),
                    required(fields, "redrive"),
                    required(fields, "actor"),
                    fields.get("reason"),
                    Instant.parse(required(fields, "at")),
                    Integer.parseInt(required(fields, "attempts")),
                    fields.get("target"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("its time cannot be read: " + e.getMessage(), e);
        }
    }

    private static String unescaped(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                char escaped = value.charAt(++i);
                text.append(escaped == 'n' ? '\n' : escaped);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String required(Map<String, String> fields, String name) {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return value;
    }
}
