package dev.semel.idempotency.internal.streams;

import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.TaskId;

/**
 * Where marks are kept: what an operator has to know when one of them cannot be read.
 *
 * @param name the deduplication's
 * @param store the state store's
 * @param task the task that owns it
 * @param changelog the topic that the store is restored from
 */
public record MarksPlace(String name, String store, TaskId task, String changelog) {

    StreamsException corrupt(Bytes key, String fault) {
        return new StreamsException(
                entry(key) + " is corrupt: " + fault
                        + ". Stop the application and delete the state directory of this task, so that the store is restored from"
                        + " the topic " + changelog + "; if it is corrupt there, too, " + WITHOUT_MARKS,
                task);
    }

    StreamsException newer(Bytes key, int version, int known) {
        return new StreamsException(
                entry(key) + " has the format version " + version + ", and this version of Semel reads up to " + known
                        + ": a newer one has written it. Run that one; to go back nevertheless, " + WITHOUT_MARKS,
                task);
    }

    private static final String WITHOUT_MARKS =
            "begin without marks: stop all instances and delete the topic as well as the state directories."
                    + " Duplicates of what was marked then pass once more";

    private String entry(Bytes key) {
        return "Deduplicate '" + name + "': the entry 0x" + HexFormat.of().formatHex(key.get()) + " of store '" + store
                + "' in task " + task;
    }
}
