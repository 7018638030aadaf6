package dev.semel.dlq.internal.inplace;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.LetterWriter;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.NoOwnerException;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.dlq.internal.clients.ClientErrors;
import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.CommandFormat;
import dev.semel.dlq.internal.command.CommandTopics;
import dev.semel.dlq.internal.command.LetterCommands;
import dev.semel.dlq.internal.command.NoAnswerException;
import dev.semel.dlq.internal.copy.Supersession;
import dev.semel.dlq.internal.edit.EditedId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** Has the owner of a kept letter put another in its place. Used once, by one thread. */
final class OwnersEdit {

    /** Letters that somebody has to do something about, and nobody does at present. */
    private static final Set<LetterState> EDITABLE =
            EnumSet.of(LetterState.OPEN, LetterState.PARKED, LetterState.QUARANTINED);

    private final Supersession supersession;
    private final String group;
    private final String servers;
    private final Cluster cluster;
    private final Duration deadline;
    private final TopicPartition source;
    private final @Nullable Uuid topic;
    private final Command command;

    /**
     * @param address by which number the owner knows the letter
     * @param topic the topic that the number is of, by Kafka's id; null where that is not known
     */
    OwnersEdit(
            Supersession supersession,
            long address,
            @Nullable Uuid topic,
            String group,
            String servers,
            Cluster cluster,
            Duration deadline) {
        this.topic = topic;
        this.supersession = supersession;
        this.group = group;
        this.servers = servers;
        this.cluster = cluster;
        this.deadline = deadline;
        Letter letter = supersession.letter();
        RecordPosition origin = Objects.requireNonNull(letter.origin(), "origin");
        this.source = new TopicPartition(origin.topic(), origin.partition());
        this.command = new Command(
                Command.Kind.EDIT,
                supersession.redriveId() + "/0",
                supersession.actor(),
                supersession.reason(),
                EDITABLE,
                List.of(address),
                new Command.Edit(
                        EditedId.edits(letter.id()),
                        supersession.after().timestamp(),
                        supersession.after().key(),
                        supersession.after().value(),
                        List.of(supersession.after().headers().toArray()),
                        letter.message()));
    }

    /** @param commands sends commands to the group, of at most so many bytes */
    void run(IntFunction<LetterCommands> commands) throws Exception {
        new CommandPaths(cluster, servers).check(group, List.of(source));
        long bytes = checkSize();
        @Nullable Answer answer;
        try (LetterCommands to = commands.apply((int) bytes)) {
            answer = to.edit(command, source, topic, deadline);
        } catch (NoAnswerException e) {
            // Where the cluster is away, this says so.
            cluster.topic(CommandTopics.answers(group));
            throw new NoOwnerException(String.valueOf(e.getMessage()), group, e.silent(), nothingDone(), e);
        }
        if (answer == null) {
            throw refused("the owner of " + source + " in group " + group
                    + " answers, but not to edits: it is of a release that knows none");
        }
        if (!answer.skipped().isEmpty()) {
            throw refused(answer.skipped().values().iterator().next());
        }
        if (answer.applied() != 1) {
            throw refused("it has come to its end meanwhile");
        }
    }

    private RedriveReport nothingDone() {
        return new RedriveReport(
                supersession.redriveId(),
                1,
                0,
                0,
                Map.of(),
                Map.of(),
                0,
                0,
                Map.of(),
                List.of(),
                0,
                Ending.RUNNING,
                Duration.ZERO);
    }

    private LettersRefusedException refused(String why) {
        return new LettersRefusedException("letter " + supersession.letter().id() + " was not edited: " + why, null);
    }

    private long checkSize() throws Exception {
        String topic = CommandTopics.commands(group, source.topic());
        long bytes = LetterWriter.sizeOf(
                new ProducerRecord<>(topic, source.partition(), null, CommandFormat.write(command)));
        long most = most(topic);
        if (bytes > most) {
            throw refused("the command to its owner would have " + bytes + " bytes, and topic " + topic
                    + " takes max.message.bytes = " + most + ": raise that with: kafka-configs.sh --bootstrap-server "
                    + servers + " --alter --entity-type topics --entity-name " + topic
                    + " --add-config max.message.bytes=" + bytes);
        }
        return bytes;
    }

    private long most(String topic) throws Exception {
        try {
            return Long.parseLong(cluster.config(topic)
                    .getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Integer.MAX_VALUE)));
        } catch (Exception e) {
            if (!ClientErrors.isDenied(e)) {
                throw e;
            }
            // Then the broker says so.
            return Integer.MAX_VALUE;
        }
    }
}
