package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static dev.semel.dlq.LetterFilter.exception;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many letters: how fast they are handled in place, and that a tenth of them is a tenth. In the default build so many that a second counts;
 * {@code -Dsemel.test.letters=1000000} makes it a million.
 */
@KafkaTest
@Timeout(600)
class InPlaceVolumeIT {

    private static final class RareException extends IllegalStateException {
        private static final long serialVersionUID = 1L;
    }

    private static final int LETTERS = Integer.getInteger("semel.test.letters", 100_000);

    @Test
    void manyLettersAreHandledInPlaceEachOnce(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 4);
        var broken = new AtomicBoolean(true);
        var handled = new AtomicInteger();
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters)
                        .commitInterval(Duration.ofMillis(100))
                        .handler((event, context) -> {
                            if (broken.get()) {
                                throw event.key().endsWith("0")
                                        ? new RareException()
                                        : new IllegalStateException("broken");
                            }
                            handled.incrementAndGet();
                        })
                        .build();
                var operator = DeadLetterReprocessor.open(kafka.clientConfig(), keeping.letters)) {
            for (int from = 0; from < LETTERS; from += 20_000) {
                var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
                for (int i = from; i < Math.min(LETTERS, from + 20_000); i++) {
                    records.add(keeping.record("k" + i + ":" + "x".repeat(80)));
                }
                kafka.send(records);
            }
            processor.start();
            keeping.awaitCommitted(LETTERS);
            broken.set(false);
            assertThat(operator.select(exception(RareException.class.getName()))
                            .redrive()
                            .applied())
                    .isEqualTo(LETTERS / 10);
            assertThat(handled).hasValue(LETTERS / 10);
            assertThat(operator.select(exception(RareException.class.getName()))
                            .redrive()
                            .applied())
                    .isZero();
            RedriveReport rest = operator.select(all()).redrive();
            assertThat(rest.applied()).isEqualTo(LETTERS - LETTERS / 10);
            assertThat(handled).hasValue(LETTERS);
            double perSecond = rest.applied() / (rest.took().toNanos() / 1e9);
            System.out.printf("handled %,.0f letters a second in place%n", perSecond);
            assertThat(operator.select(all()).redrive().duplicate()).isEqualTo(LETTERS);
        }
        assertThat(handled).hasValue(LETTERS);
    }
}
