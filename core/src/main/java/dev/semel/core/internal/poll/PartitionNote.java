package dev.semel.core.internal.poll;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.internal.budget.BudgetCount;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a partition's assignment leaves beside the committed offset for the next one, as a short text: {@code
 * semel=1;starts=2;attempts=1;until=4711;since=1767225600000;records=900;letters=12;tripped=1.4.2;serial=3}. Fields with their usual value are left out, and a note that says nothing is empty.
 *
 * @param starts how many assignments in a row began at this offset and did not end cleanly
 * @param attempts how many attempts at the record at this offset began, one by one, and did not end
 * @param until up to which offset, exclusively, records are handled one by one; 0 where they are not
 * @param budget what is spent of the dead-letter budget
 * @param serial differs from that of the commit before, where it tells the two apart; 0 where nothing has to
 */
record PartitionNote(int starts, int attempts, long until, BudgetCount budget, long serial) {

    static final PartitionNote EMPTY = new PartitionNote(0, 0, 0, BudgetCount.NONE, 0);

    private static final String VERSION = "semel";

    /** Reads a note; what others have written there, and what cannot be read, is an empty one. */
    static PartitionNote parse(@Nullable String text) {
        Map<String, String> fields = fields(text);
        if (!"1".equals(fields.get(VERSION))) {
            return EMPTY;
        }
        return new PartitionNote(
                (int) number(fields, "starts"),
                (int) number(fields, "attempts"),
                number(fields, "until"),
                new BudgetCount(
                        number(fields, "since"),
                        number(fields, "records"),
                        number(fields, "letters"),
                        decoded(fields.get("tripped"))),
                number(fields, "serial"));
    }

    /** The same beside a commit that is to be told from the one before it. */
    PartitionNote after(PartitionNote before) {
        return new PartitionNote(starts, attempts, until, budget, before.serial + 1);
    }

    @Override
    public String toString() {
        if (equals(EMPTY)) {
            return "";
        }
        var text = new StringBuilder(VERSION).append("=1");
        add(text, "starts", starts);
        add(text, "attempts", attempts);
        add(text, "until", until);
        add(text, "since", budget.sinceMillis());
        add(text, "records", budget.records());
        add(text, "letters", budget.letters());
        @Nullable String trippedBy = budget.trippedBy();
        if (trippedBy != null) {
            text.append(";tripped=").append(URLEncoder.encode(trippedBy, UTF_8));
        }
        add(text, "serial", serial);
        return text.toString();
    }

    private static void add(StringBuilder text, String name, long value) {
        if (value != 0) {
            text.append(';').append(name).append('=').append(value);
        }
    }

    private static @Nullable String decoded(@Nullable String version) {
        try {
            return version == null ? null : URLDecoder.decode(version, UTF_8);
        } catch (IllegalArgumentException e) {
            // A note that somebody has edited: as if by another version, which begins anew.
            return version;
        }
    }

    private static Map<String, String> fields(@Nullable String text) {
        var fields = new TreeMap<String, String>();
        if (text != null) {
            for (String field : text.split(";", -1)) {
                int equals = field.indexOf('=');
                if (equals > 0) {
                    fields.put(field.substring(0, equals), field.substring(equals + 1));
                }
            }
        }
        return fields;
    }

    private static long number(Map<String, String> fields, String name) {
        try {
            return Math.max(0, Long.parseLong(fields.getOrDefault(name, "0")));
        } catch (NumberFormatException e) {
            // A note that somebody has edited: without it the count starts anew, which is safe.
            return 0;
        }
    }
}
