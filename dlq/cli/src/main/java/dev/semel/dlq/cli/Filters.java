package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.dlq.LetterFilter;
import dev.semel.dlq.LetterState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Says which letters are meant. */
final class Filters {

    @Option(
            names = "--failure",
            paramLabel = "CLASS",
            description =
                    "of this failure class: see groups. Each filter can be given several times: one of them has to match; of different"
                            + " filters all")
    private String[] failures = {};

    @Option(names = "--fingerprint", paramLabel = "HEX", description = "of this fault: see groups")
    private String[] fingerprints = {};

    @Option(
            names = "--exception",
            paramLabel = "NAME",
            description = "with an exception of this class, named with or without its package")
    private String[] exceptions = {};

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "that this consumer group, application or connector could not handle")
    private String[] groups = {};

    @Option(names = "--origin-topic", paramLabel = "TOPIC", description = "that came from this topic first")
    private String[] topics = {};

    @Option(names = "--partition", paramLabel = "N", description = "that came from this partition of its topic")
    private int[] partitions = {};

    @Option(names = "--key", paramLabel = "TEXT", description = "with this key")
    private String[] keys = {};

    @Option(names = "--key-base64", paramLabel = "BASE64", description = "with this key, where it is no text")
    private String[] base64Keys = {};

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Moments.class,
            description = "that failed then or later: 2026-11-21T03:00:00Z, or how long ago: 2h")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", converter = Moments.class, description = "that failed before then")
    private @Nullable Instant until;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description =
                    "in this state: ${COMPLETION-CANDIDATES}; several with commas. PARKED, QUARANTINED and DEFERRED letters are"
                            + " changed only if they are named here")
    private LetterState[] states = {};

    @Option(names = "--id", paramLabel = "ID", description = "with this id")
    private String[] ids = {};

    /** Whether states are named. */
    boolean hasStates() {
        return states.length > 0;
    }

    boolean hasState(LetterState state) {
        return List.of(states).contains(state);
    }

    /** Whether all letters are meant. */
    boolean isEmpty() {
        return parts().isEmpty();
    }

    LetterFilter filter() {
        return parts().stream().reduce(LetterFilter::and).orElseGet(LetterFilter::all);
    }

    /** The same, and without letters about which nothing is to be done any more, unless states are named. */
    LetterFilter filterOfUnfinished() {
        LetterState[] finished =
                Arrays.stream(LetterState.values()).filter(LetterState::isFinal).toArray(LetterState[]::new);
        return hasStates()
                ? filter()
                : filter().and(LetterFilter.state(finished).not());
    }

    private List<LetterFilter> parts() {
        var parts = new ArrayList<LetterFilter>();
        addOneOf(parts, failures, LetterFilter::failure);
        addOneOf(parts, fingerprints, LetterFilter::fingerprint);
        addOneOf(parts, exceptions, LetterFilter::exception);
        addOneOf(parts, groups, LetterFilter::group);
        addOneOf(parts, topics, LetterFilter::topic);
        addOneOf(parts, Arrays.stream(partitions).boxed().toArray(Integer[]::new), LetterFilter::partition);
        addOneOf(parts, keyBytes(), LetterFilter::key);
        if (since != null || until != null) {
            parts.add(LetterFilter.failedBetween(
                    since == null ? Instant.MIN : since, until == null ? Instant.MAX : until));
        }
        if (hasStates()) {
            parts.add(LetterFilter.state(states));
        }
        if (ids.length > 0) {
            parts.add(LetterFilter.id(ids));
        }
        return parts;
    }

    private byte[][] keyBytes() {
        return Stream.concat(
                        Arrays.stream(keys).map(key -> key.getBytes(UTF_8)),
                        Arrays.stream(base64Keys).map(Filters::decoded))
                .toArray(byte[][]::new);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("--key-base64 '" + base64 + "' is no Base64: " + e.getMessage());
        }
    }

    private static <T> void addOneOf(List<LetterFilter> parts, T[] values, Function<T, LetterFilter> filter) {
        Arrays.stream(values).map(filter).reduce(LetterFilter::or).ifPresent(parts::add);
    }
}
