package dev.semel.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends numbered records to an input, so many a second, until it is told to end. */
final class SteadyFeed implements AutoCloseable {

    private static final int EVERY_MS = 20;
    private static final int KEYS = 600;

    private final Processing processing;
    private final int partitions;
    private final int perSecond;
    private final long startNanos = System.nanoTime();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> task;
    private volatile int sent;

    private SteadyFeed(Processing processing, int partitions, int perSecond) {
        this.processing = processing;
        this.partitions = partitions;
        this.perSecond = perSecond;
        this.task = timer.scheduleAtFixedRate(this::sendWhatIsDue, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    static SteadyFeed start(Processing processing, int partitions, int perSecond) {
        return new SteadyFeed(processing, partitions, perSecond);
    }

    /** The input partition of the record with this value. */
    static int partition(String value, int partitions) {
        return Integer.parseInt(value) % KEYS % partitions;
    }

    private void sendWhatIsDue() {
        long due = (System.nanoTime() - startNanos) * perSecond / TimeUnit.SECONDS.toNanos(1);
        List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int number = sent; number < due; number++) {
            int key = number % KEYS;
            batch.add(new ProducerRecord<>(
                    processing.input, key % partitions, Processing.bytes("key-" + key), Processing.bytes("" + number)));
        }
        processing.kafka.send(batch);
        sent += batch.size();
    }

    /**
     * Sends nothing more.
     *
     * @return how many records were sent
     * @throws ExecutionException where sending failed
     */
    int end() throws InterruptedException, ExecutionException {
        if (task.isDone()) {
            // Only a failure has ended it before it was told to, and this throws it.
            task.get();
        }
        task.cancel(false);
        timer.shutdown();
        if (!timer.awaitTermination(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the last records were not sent within a minute");
        }
        return sent;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
