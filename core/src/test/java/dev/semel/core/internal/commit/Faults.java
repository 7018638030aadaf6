package dev.semel.core.internal.commit;

import java.util.EnumMap;
import java.util.LinkedList;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Decides which call of a {@link FakeProducer} goes wrong, and how. */
public interface Faults {

    Faults NONE = (call, record) -> null;

    /** A call of a producer. */
    enum Call {
        INIT,
        BEGIN,
        SEND,
        OFFSETS,
        COMMIT,
        ABORT
    }

    /** What goes wrong, or null for nothing. */
    @Nullable Fault next(Call call, @Nullable ProducerRecord<byte[], byte[]> record);

    /** How a call goes wrong. */
    sealed interface Fault {

        /** The call throws; nothing came of it, and the producer's state is as before. */
        record Throws(RuntimeException error) implements Fault {}

        /** The call throws, and the transaction can only be aborted. */
        record Abortable(RuntimeException error) implements Fault {}

        /** The call seems to succeed, but the callback is told an error, and the transaction can only be aborted. For SEND. */
        record Refused(RuntimeException error) implements Fault {}

        /** The call throws, and the producer can only be closed. */
        record Fatal(RuntimeException error) implements Fault {}

        /** It was done, but the call throws, and the producer can only be closed. For COMMIT and ABORT. */
        record DoneButFatal(RuntimeException error) implements Fault {}

        /**
         * No answer came, and only the same call is possible from here on. For COMMIT, ABORT and INIT.
         *
         * @param done whether the cluster did it all the same
         */
        record NoAnswer(RuntimeException error, boolean done) implements Fault {}
    }

    /** Faults in the order in which they are given, for each call; after the last, none. */
    static Script script() {
        return new Script();
    }

    /** See {@link #script}. */
    final class Script implements Faults {

        private final Map<Call, Queue<@Nullable Fault>> faults = new EnumMap<>(Call.class);
        private final Map<Call, Fault> always = new EnumMap<>(Call.class);

        public Script on(Call call, @Nullable Fault... next) {
            for (@Nullable Fault fault : next) {
                faults.computeIfAbsent(call, any -> new LinkedList<>()).add(fault);
            }
            return this;
        }

        public Script always(Call call, Fault fault) {
            always.put(call, fault);
            return this;
        }

        @Override
        public @Nullable Fault next(Call call, @Nullable ProducerRecord<byte[], byte[]> record) {
            @Nullable Queue<@Nullable Fault> left = faults.get(call);
            return left == null || left.isEmpty() ? always.get(call) : left.remove();
        }
    }
}
