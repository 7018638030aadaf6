package dev.semel.examples.shop.service;

import dev.semel.core.EventProcessor;
import dev.semel.core.health.ProcessorState;
import dev.semel.dlq.DeadLetters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one service as the whole of its process: from its start, through the line that says it is ready, to its end. A
 * service that stops for a failure ends its process with exit code 1. Meanwhile its health and its metrics are served
 * over HTTP, and so is what an operator can do about its dead letters.
 */
public final class ServiceLauncher {

    /** What a service prints once it is a member of its group, with its state restored. */
    public static final String READY = "ready to handle events";

    /** What a service prints before the address of its health. */
    public static final String HEALTH = "health at ";

    /** What a service prints before the address of its dead letters. */
    public static final String LETTERS = "letters at ";

    private static final Logger log = LoggerFactory.getLogger(ServiceLauncher.class);

    private static final Duration READY_DEADLINE = Duration.ofSeconds(60);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 20;

    /** Letters and what waits behind them, in each partition: a run without an end in sight is not to stand still. */
    private static final int MOST_KEPT = 1_000_000;

    private ServiceLauncher() {}

    /** Makes a service's processor. */
    public interface Service {

        /** @param letters keeps its dead letters, as a participant: what is done about them, is done through it */
        EventProcessor<?, ?> processor(ServiceSettings settings, DeadLetters letters) throws Exception;
    }

    /**
     * @param arguments the service's command line: {@link ServiceSettings}; the rest is in the environment
     * @param service makes its processor
     */
    public static void launch(String[] arguments, Service service) {
        ServiceSettings settings = ServiceSettings.of(List.of(arguments), System.getenv());
        DeadLetters letters =
                DeadLetters.builder().capacityPerPartition(MOST_KEPT).build();
        try (EventProcessor<?, ?> processor = service.processor(settings, letters);
                HealthEndpoint health = HealthEndpoint.serving(processor::health, processor::metrics);
                LetterDesk desk = LetterDesk.of(letters, settings.failures()::fix)) {
            log.info(HEALTH + health.address());
            log.info(LETTERS + desk.address());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> processor.close(CLOSE_TIMEOUT), "close"));
            processor.start();
            awaitRunning(processor);
            log.info(READY);
            processor.awaitTermination();
        } catch (Throwable e) {
            log.error("The service ends", e);
            System.exit(1);
        }
    }

    private static void awaitRunning(EventProcessor<?, ?> processor) throws InterruptedException, TimeoutException {
        long deadlineNanos = System.nanoTime() + READY_DEADLINE.toNanos();
        while (processor.state() != ProcessorState.RUNNING) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new TimeoutException(
                        "not running after " + READY_DEADLINE.toSeconds() + " s, but " + processor.state());
            }
            if (processor.awaitTermination(Duration.ofMillis(LOOK_MILLIS))) {
                return;
            }
        }
    }
}
