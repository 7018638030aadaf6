package dev.semel.dlq.internal.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.FailureClass;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A fault as others write it down: class, message and stack trace of an exception, as text.
 *
 * <h2>What makes two faults the same</h2>
 *
 * <p>As for Semel's own letters: the classes of the exception and of its causes, with the first frames of each, and neither data nor
 * line numbers. Parsers throw from the same place for every fault, and a letter may have no stack trace: there the words count, with
 * what looks like data taken out of them.
 */
final class Fault {

    private static final int FRAMES = 5;
    private static final int CAUSES = 5;
    private static final int BYTES = 8;
    private static final int MAX_WORDS = 300;

    private static final String CAUSED_BY = "Caused by: ";
    private static final Pattern FRAME = Pattern.compile("^\\s+at ([^(]+)\\(");
    private static final Pattern FIRST_LINE = Pattern.compile("^([\\w.$]+)(?:: (.*))?$", Pattern.DOTALL);
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'|`[^`]*`");
    private static final Pattern DATA = Pattern.compile("\\b(?:0x)?(?=[0-9a-fA-F-]*\\d)[0-9a-fA-F-]{6,}\\b|\\d+");
    private static final Pattern GENERATED = Pattern.compile("[$/](0x)?[0-9a-f]{6,}|\\d+");

    private final @Nullable String exception;
    private final @Nullable String message;
    private final String places;

    private Fault(@Nullable String exception, @Nullable String message, String places) {
        this.exception = exception;
        this.message = message;
        this.places = places;
    }

    /**
     * A fault of which any part may be missing.
     *
     * @param exception the class name of the exception that was written down
     * @param message its message
     * @param stackTrace as {@link Throwable#printStackTrace()} prints it
     */
    static Fault of(@Nullable String exception, @Nullable String message, @Nullable String stackTrace) {
        List<Cause> causes = stackTrace == null ? List.of() : causes(stackTrace);
        var places = new StringBuilder();
        for (Cause cause : causes) {
            places.append('\n').append(cause.exception);
            cause.frames.forEach(frame -> places.append('\n').append(frame));
        }
        if (causes.isEmpty()) {
            return new Fault(exception, message, "");
        }
        // What surrounds it says only where it was caught.
        Cause innermost = causes.get(causes.size() - 1);
        boolean only = causes.size() == 1;
        return new Fault(
                innermost.exception,
                innermost.message == null && only ? message : innermost.message,
                causes.stream().allMatch(cause -> cause.frames.isEmpty()) ? "" : places.toString());
    }

    /** The class name of the innermost cause that is known. */
    @Nullable String exception() {
        return exception;
    }

    /** Its message. */
    @Nullable String message() {
        return message;
    }

    /** The same for the same fault of a class of failures. */
    String fingerprint(FailureClass failureClass) {
        boolean byWords = places.isEmpty() || failureClass.equals(FailureClass.DESERIALIZATION_FAILED);
        return hash(failureClass.name() + "\n" + exception + "\n" + (byWords ? words(message) : places));
    }

    private static String words(@Nullable String message) {
        if (message == null) {
            return "";
        }
        String bounded = message.length() <= MAX_WORDS ? message : message.substring(0, MAX_WORDS);
        return DATA.matcher(QUOTED.matcher(bounded).replaceAll("?")).replaceAll("#");
    }

    private static List<Cause> causes(String stackTrace) {
        var causes = new ArrayList<Cause>();
        var head = new StringBuilder();
        List<String> frames = new ArrayList<>();
        for (String line : stackTrace.split("\\R")) {
            Matcher frame = FRAME.matcher(line);
            boolean begins = line.startsWith(CAUSED_BY);
            if (begins && causes.size() < CAUSES) {
                add(causes, head, frames);
                frames = new ArrayList<>();
                head.append(line.substring(CAUSED_BY.length()));
            } else if (begins) {
                return causes;
            } else if (frame.find()) {
                if (frames.size() < FRAMES) {
                    frames.add(GENERATED.matcher(frame.group(1)).replaceAll("#"));
                }
            } else if (frames.isEmpty() && !line.isBlank() && !line.startsWith("\t")) {
                // A message may have several lines.
                head.append(head.isEmpty() ? "" : "\n").append(line);
            }
        }
        add(causes, head, frames);
        return causes;
    }

    private static void add(List<Cause> causes, StringBuilder head, List<String> frames) {
        Matcher first = FIRST_LINE.matcher(head);
        if (causes.size() < CAUSES && first.matches()) {
            causes.add(new Cause(first.group(1), first.group(2), frames));
        }
        head.setLength(0);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private record Cause(String exception, @Nullable String message, List<String> frames) {}
}
