package dev.semel.examples.benchmarks.contestant;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.health.ProcessorState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The process of a processor that goes on where another of its group has ended, and restores the marks of that. It says on standard
 * output how long that took and how much heap they take.
 *
 * <p>The clock runs from the assignment until the first record could be handled; what the clients do in between, to find the topic and
 * its end, is included. A restore that is over before the processor could say that it recovers is timed from its joining the group.
 */
public final class RestoreMain {

    private static final long PATIENCE_SECONDS = 300;

    private RestoreMain() {}

    /** Restores once, as the arguments describe, see {@link Settings#arguments}. */
    public static void main(String... arguments) throws Exception {
        Settings settings = Settings.read(arguments);
        RestoredMarks marks = RestoredMarks.count();
        var began = new AtomicLong();
        var running = new CompletableFuture<Long>();
        EventProcessor<byte[], byte[]> processor = EventProcessor.<byte[], byte[]>builder()
                .kafka(settings.cluster())
                .group(settings.group())
                .topics(settings.input())
                .events(EventSerde.of(Serdes.ByteArray(), Serdes.ByteArray()))
                .participant(SemelContestant.marks())
                .listener((from, to, reason) -> {
                    if (to == ProcessorState.REBALANCING || to == ProcessorState.RECOVERING) {
                        began.set(System.nanoTime());
                    } else if (to == ProcessorState.RUNNING) {
                        running.complete(System.nanoTime() - began.get());
                    } else if (to == ProcessorState.FAILED) {
                        running.completeExceptionally(new IllegalStateException(reason));
                    }
                })
                .handler((event, context) -> {
                    throw new IllegalStateException("nothing is left to handle, but " + event.position() + " came");
                })
                .build();
        try (processor) {
            long heapBefore = heapInUse();
            processor.start();
            long took = running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Said.restored(new Restored(marks.sum(), Duration.ofNanos(took), heapInUse() - heapBefore));
        }
        System.exit(0);
    }

    private static long heapInUse() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
