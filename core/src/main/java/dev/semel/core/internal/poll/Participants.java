package dev.semel.core.internal.poll;

import dev.semel.core.participant.Participant;
import dev.semel.core.participant.PartitionParticipant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** All participants of a processor as one, of which most have none. For the poll thread only. */
final class Participants {

    private final List<Participant> all;

    Participants(List<Participant> all) {
        this.all = all;
    }

    boolean areNone() {
        return all.isEmpty();
    }

    PartitionParticipant assigned(TopicPartition partition) {
        return switch (all.size()) {
            case 0 -> PartitionParticipant.NONE;
            case 1 -> all.get(0).assigned(partition);
            default ->
                new SeveralParticipants(all.stream()
                        .map(participant -> participant.assigned(partition))
                        .toList());
        };
    }
}
