package dev.semel.testkit.internal;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for what a Kafka client answers and gives its own exceptions back, unwrapped. */
public final class Answers {

    /** Longer than the clients' own timeouts, so that theirs, which say more, come first. */
    private static final Duration DEADLINE = Duration.ofSeconds(150);

    private Answers() {}

    /**
     * Waits for an admin client's answer.
     *
     * @param <T> what is answered
     * @param answer the pending answer
     * @return what was answered
     * @throws KafkaException as the client reported it
     */
    public static <T> T of(KafkaFuture<T> answer) {
        return of(answer.toCompletionStage().toCompletableFuture());
    }

    /**
     * Waits for a producer's acknowledgement.
     *
     * @param <T> what is answered
     * @param answer the pending answer
     * @return what was answered
     * @throws KafkaException as the client reported it
     */
    public static <T> T of(Future<T> answer) {
        try {
            return answer.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException reported) {
                throw reported;
            }
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no answer within " + DEADLINE, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
