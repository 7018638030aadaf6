package dev.semel.dlq;

import dev.semel.core.failure.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of the record in a letter: another value, other headers. The key stays: with another key the record would be in
 * another sequence, and maybe in another partition, and events that wait behind it would wait for nothing. Immutable.
 */
public final class LetterEdit {

    private record HeaderChange(String name, @Nullable Header header) {}

    private final String reason;
    private final boolean hasValue;
    private final byte @Nullable [] value;
    private final List<HeaderChange> headers;

    private LetterEdit(String reason, boolean hasValue, byte @Nullable [] value, List<HeaderChange> headers) {
        this.reason = reason;
        this.hasValue = hasValue;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /**
     * Begins with what changes nothing.
     *
     * @param reason for those who look at the letter later; at most 500 characters
     * @throws ConfigurationException where it is blank or too long
     */
    public static LetterEdit because(String reason) {
        if (reason.isBlank()) {
            throw new ConfigurationException("an edit needs a reason: whoever finds the letter asks for it");
        }
        LetterSelection.checkLength("the reason", reason);
        return new LetterEdit(reason, false, null, List.of());
    }

    /** With this value in place of the record's. */
    public LetterEdit withValue(byte @Nullable [] bytes) {
        return new LetterEdit(reason, true, bytes == null ? null : bytes.clone(), headers);
    }

    /** With this header in place of all of its name; behind the others where there is none. */
    public LetterEdit withHeader(String name, byte @Nullable [] bytes) {
        return withChange(new HeaderChange(name, new RecordHeader(name, bytes == null ? null : bytes.clone())));
    }

    /** Without the headers of this name. */
    public LetterEdit withoutHeader(String name) {
        return withChange(new HeaderChange(Objects.requireNonNull(name, "name"), null));
    }

    private LetterEdit withChange(HeaderChange change) {
        if (change.name().isBlank()) {
            throw new ConfigurationException("a header has no name");
        }
        var changes = new ArrayList<>(headers);
        changes.removeIf(earlier -> earlier.name().equals(change.name()));
        changes.add(change);
        return new LetterEdit(reason, hasValue, value, changes);
    }

    String reason() {
        return reason;
    }

    boolean hasValue() {
        return hasValue;
    }

    byte @Nullable [] value(byte @Nullable [] before) {
        return hasValue ? value : before;
    }

    /** The names of the headers that it changes. */
    List<String> headerNames() {
        return headers.stream().map(HeaderChange::name).toList();
    }

    /** Headers as they are after it. */
    List<Header> headers(List<Header> before) {
        var after = new ArrayList<Header>(before);
        for (HeaderChange change : headers) {
            int first = 0;
            while (first < after.size() && !after.get(first).key().equals(change.name())) {
                first++;
            }
            after.removeIf(header -> header.key().equals(change.name()));
            if (change.header() != null) {
                after.add(Math.min(first, after.size()), change.header());
            }
        }
        return after;
    }
}
