package dev.semel.dlq;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads where a letter comes from, of one family of letters. A reprocessor has an ordered list of them, and the first that
 * recognises a letter counts; the headers of all of them are left out of copies.
 *
 * <p>Implementations keep no state: they are called by any thread.
 */
public interface ProvenanceReader {

    /**
     * Reads the provenance of a letter.
     *
     * @return empty where it is none of this family
     * @throws IllegalArgumentException where it is one and a header is not what it should be, naming the header: the letter is then
     *     {@link LetterState#QUARANTINED}
     */
    Optional<Provenance> read(ConsumerRecord<byte[], byte[]> letter);

    /** Whether a header was added by the writer of such letters, and is not the record's own. */
    boolean isLetterHeader(String name);
}
