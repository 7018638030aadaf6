package dev.semel.testkit;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Something that has to hold between inputs and what was made of them, told record by record. {@link Guarantees} reads the topics
 * and tells it; a test that has its records from elsewhere may do so itself.
 *
 * <p>An implementation remembers what it needs of a record, never the record, so that a run may be long. For one thread at a time.
 */
public interface Guarantee {

    /**
     * An input was read. Told of each once, and before anything that was made from it.
     *
     * @param input how it is remembered
     * @param record the whole of it
     */
    void input(ObservedInput input, ConsumerRecord<byte[], byte[]> record);

    /**
     * A committed output was read. Those of a partition come in the order of their offsets.
     *
     * @param input from which it was made
     * @param output the whole of it
     */
    void output(ObservedInput input, ConsumerRecord<byte[], byte[]> output);

    /**
     * A committed dead letter was read. Ignored unless a guarantee is about them.
     *
     * @param input the input in it
     * @param letter the whole of it
     */
    default void letter(ObservedInput input, ConsumerRecord<byte[], byte[]> letter) {}

    /**
     * An output or letter was read that belongs to no input. Ignored unless a guarantee is about them.
     *
     * @param answer the whole of it
     */
    default void unknown(ConsumerRecord<byte[], byte[]> answer) {}

    /**
     * What is broken already, whatever is read later.
     *
     * @return what, with the first records concerned; empty if nothing is
     */
    Optional<String> violation();

    /**
     * What still has to come.
     *
     * @return what, with the first records concerned; empty if nothing is missing
     */
    Optional<String> missing();
}
