package dev.semel.dlq.internal.command;

import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.internal.edit.EditedId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Letters as somebody names them, by their ids. A letter topic can have those of several groups, and consoles show ids of all: the same
 * record can have a letter in each.
 *
 * @param offsets of this group's letters, by source partition
 * @param others why the rest of them are not meant, by id
 */
public record NamedLetters(Map<TopicPartition, List<Long>> offsets, Map<String, String> others) {

    /** @throws IllegalArgumentException where an id is none */
    public static NamedLetters of(String group, Collection<String> ids) {
        var offsets = new HashMap<TopicPartition, List<Long>>();
        var others = new HashMap<String, String>();
        for (String id : ids) {
            String first = EditedId.first(id);
            String[] parts = first.split("/", -1);
            int last = parts.length - 1;
            try {
                var source = new TopicPartition(parts[last - 2], Integer.parseInt(parts[last - 1]));
                long offset = Long.parseLong(parts[last]);
                if (first.equals(DeadLetter.id(group, source, offset))) {
                    offsets.computeIfAbsent(source, any -> new ArrayList<>()).add(offset);
                } else {
                    String other = String.join("/", List.of(parts).subList(0, last - 2));
                    others.put(id, "it is a letter of group '" + other + "', and this is group '" + group + "'");
                }
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        "'" + id + "' is no letter's id: those are group/topic/partition/offset", e);
            }
        }
        return new NamedLetters(offsets, others);
    }
}
