package dev.semel.examples.benchmarks.contestant;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that do nothing but call the handler: what the machine can do at most with as many. */
final class CeilingContestant implements Contestant {

    private static final int THREADS = 256;

    private final Meter meter;
    private final AtomicLong left;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    CeilingContestant(Settings settings, Meter meter) {
        this.meter = meter;
        this.left = new AtomicLong(settings.records());
    }

    @Override
    public void start() {
        for (int i = 0; i < THREADS; i++) {
            threads.execute(() -> {
                while (left.getAndDecrement() > 0) {
                    meter.handle();
                }
            });
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
