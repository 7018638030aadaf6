package dev.semel.dlq.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.semel.core.event.RecordPosition;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterGroup;
import dev.semel.dlq.RedrivePlan;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.StateChange;
import java.io.PrintStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What scripts read: an object on each line. Times are in ISO 8601, spans in milliseconds. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static void print(PrintStream out, Map<String, ? extends @Nullable Object> object) {
        try {
            out.println(MAPPER.writeValueAsString(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of text and numbers can be written", e);
        }
    }

    static Map<String, @Nullable Object> letter(Letter letter) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("id", letter.id());
        object.put("state", letter.state().name());
        object.put("format", letter.format().name());
        object.put("failure", letter.failureClass().name());
        object.put("fingerprint", letter.fingerprint());
        object.put("exception", letter.exception());
        object.put("message", letter.message());
        object.put("failedAt", letter.failedAt().toString());
        object.put("attempts", letter.attempts());
        object.put("group", letter.group());
        object.put("origin", position(letter.origin()));
        object.put("position", position(letter.position()));
        object.put("originalTimestamp", letter.originalTimestamp());
        object.put("content", letter.content().name());
        object.put("key", bytes(letter.key()));
        return object;
    }

    /** With all that it holds. */
    static Map<String, @Nullable Object> whole(Letter letter, @Nullable StateChange lastChange) {
        Map<String, @Nullable Object> object = letter(letter);
        object.put("value", bytes(letter.value()));
        object.put("headers", letter.headers().stream().map(Json::header).toList());
        object.put("lastChange", lastChange == null ? null : change(lastChange));
        return object;
    }

    static Map<String, @Nullable Object> header(Header header) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", header.key());
        object.put("value", bytes(header.value()));
        return object;
    }

    private static @Nullable Map<String, @Nullable Object> position(@Nullable RecordPosition position) {
        if (position == null) {
            return null;
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("topic", position.topic());
        object.put("partition", position.partition());
        object.put("offset", position.offset());
        return object;
    }

    /** {@code {"text": ...}}, or {@code {"base64": ...}} where they are none; null for null. */
    static @Nullable Map<String, String> bytes(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        return Plain.decoded(bytes)
                .map(text -> Map.of("text", text))
                .orElseGet(() -> Map.of("base64", Base64.getEncoder().encodeToString(bytes)));
    }

    static Map<String, @Nullable Object> change(StateChange change) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("at", change.at().toString());
        object.put("actor", change.actor());
        object.put("state", change.state().name());
        object.put("redriveId", change.redriveId());
        object.put("reason", change.reason());
        object.put("attempts", change.attempts());
        object.put("target", change.target());
        return object;
    }

    static Map<String, @Nullable Object> group(LetterGroup group) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("failure", group.failureClass().name());
        object.put("fingerprint", group.fingerprint());
        object.put("letters", group.count());
        object.put("firstSeen", group.firstSeen().toString());
        object.put("lastSeen", group.lastSeen().toString());
        object.put("exception", group.exception());
        object.put("message", group.message());
        object.put("example", group.example());
        return object;
    }

    static Map<String, @Nullable Object> plan(RedrivePlan plan, List<LetterGroup> groups) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("selected", plan.selected());
        object.put("toMove", plan.toMove());
        object.put("duplicate", plan.duplicate());
        object.put("skipped", skipped(plan.skipped()));
        object.put("inPlace", new TreeMap<>(plan.inPlace()));
        object.put("targets", new TreeMap<>(plan.targets()));
        object.put("groups", groups.stream().map(Json::group).toList());
        object.put("toFetch", plan.toFetch());
        object.put("keys", plan.keys());
        object.put("waiting", plan.waiting());
        object.put("reordered", plan.reordered());
        object.put("overtaken", plan.overtaken());
        object.put("lost", plan.lost());
        return object;
    }

    static Map<String, @Nullable Object> report(RedriveReport report) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("redriveId", report.redriveId());
        object.put("ending", report.ending().name());
        object.put("selected", report.selected());
        object.put("read", report.read());
        object.put("applied", report.applied());
        object.put("inPlace", new TreeMap<>(report.inPlace()));
        object.put("targets", new TreeMap<>(report.targets()));
        object.put("duplicate", report.duplicate());
        object.put("failedAgain", report.failedAgain());
        object.put("skipped", skipped(report.skipped()));
        object.put("lost", report.lost());
        object.put("lostCount", report.lostCount());
        object.put("tookMillis", report.took().toMillis());
        return object;
    }

    static Map<String, Long> skipped(Map<String, Long> skipped) {
        var worded = new TreeMap<String, Long>();
        skipped.forEach((reason, count) -> worded.merge(Plain.option(reason), count, Long::sum));
        return worded;
    }
}
