package dev.semel.dlq.internal.provenance;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.Provenance;
import dev.semel.dlq.Provenance.Content;
import dev.semel.dlq.ProvenanceReader;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads Semel's own letters. The id alone makes none: a copy of a letter keeps it as the name of the event, and may become a letter
 * of somebody else.
 */
public final class SemelLetters implements ProvenanceReader {

    @Override
    public Optional<Provenance> read(ConsumerRecord<byte[], byte[]> letter) {
        var headers = new LetterHeaders(letter.headers());
        if (!headers.has(DeadLetter.FAILURE) && !headers.has(DeadLetter.GROUP)) {
            return Optional.empty();
        }
        return DeadLetter.of(letter)
                .map(read -> new Provenance(
                        LetterFormat.SEMEL,
                        read.id(),
                        new RecordPosition(read.origin().topic(), read.origin().partition(), read.offset()),
                        read.group(),
                        read.failureClass(),
                        read.fingerprint(),
                        read.exception(),
                        read.message(),
                        read.firstFailedAt(),
                        read.originalTimestamp(),
                        read.attempt(),
                        content(headers, read)));
    }

    /** Where the origin is uncertain, so are the bytes: they are those of the record that whoever wrote it was at by then. */
    private static Content content(LetterHeaders headers, DeadLetter read) {
        if ("true".equals(headers.text(DeadLetter.ORIGIN_UNCERTAIN))) {
            return Content.UNTRUSTED;
        }
        return read.bytesOmitted() ? Content.OMITTED : Content.WHOLE;
    }

    /** The id stays: it names the same event on the copy. */
    @Override
    public boolean isLetterHeader(String name) {
        return DeadLetter.isLetterHeader(name) && !name.equals(DeadLetter.ID);
    }
}
