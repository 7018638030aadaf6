package dev.semel.examples.benchmarks.contestant;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * The process of one contestant. It says on standard output, in lines that {@link Said} reads, how far it is and what came
 * out.
 *
 * <p>The clock runs from the first record that is handed to the handler, when the JVM is up, the clients are connected, the
 * group is joined and records have come, until the group's committed offsets are the end of the input.
 */
public final class ContestantMain {

    private static final Duration STALL = Duration.ofSeconds(60);
    private static final long TICK_MILLIS = 2;
    private static final long SAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Settings settings;
    private final Meter meter;
    private Duration cpuBefore = Duration.ZERO;

    private ContestantMain(Settings settings) {
        this.settings = settings;
        this.meter = new Meter(settings.handler());
    }

    /** Runs the contestant that the arguments describe, see {@link Settings#arguments}. */
    public static void main(String... arguments) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> fail(e));
        new ContestantMain(Settings.read(arguments)).run();
        System.exit(0);
    }

    /** Ends the process because something failed that the contestant will not get over. */
    static void fail(Throwable e) {
        synchronized (ContestantMain.class) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private void run() throws Exception {
        try (Admin admin = Admin.create(settings.cluster())) {
            CommittedEnd end = settings.kind().usesKafka() ? CommittedEnd.of(admin, settings) : CommittedEnd.none();
            Contestant contestant = settings.kind().construct(settings, meter);
            long startNanos = System.nanoTime();
            contestant.start();
            if (settings.records() == 0) {
                runUntilStopped(contestant);
                return;
            }
            awaitHandled();
            end.await(STALL);
            long endNanos = System.nanoTime();
            Said.result(new Result(
                    Duration.ofNanos(meter.firstNanos() - startNanos),
                    Duration.ofNanos(endNanos - meter.firstNanos()),
                    meter.handled(),
                    cpuTime().minus(cpuBefore),
                    collectionTime()));
            contestant.close();
        }
    }

    private void awaitHandled() throws InterruptedException {
        long saidNanos = System.nanoTime();
        long movedNanos = saidNanos;
        long handled = 0;
        while (handled < settings.records()) {
            Thread.sleep(TICK_MILLIS);
            long now = System.nanoTime();
            long before = handled;
            handled = meter.handled();
            if (cpuBefore.isZero() && meter.firstNanos() != 0) {
                cpuBefore = cpuTime();
            }
            if (handled > before) {
                movedNanos = now;
            } else if (now - movedNanos > STALL.toNanos()) {
                throw new IllegalStateException("handled " + handled + " of " + settings.records()
                        + " records, and none in the last " + STALL.toSeconds() + " s");
            }
            if (now - saidNanos >= SAY_NANOS) {
                saidNanos = now;
                Said.handled(handled);
            }
        }
    }

    private void runUntilStopped(Contestant contestant) throws InterruptedException {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopped.countDown();
            contestant.close();
        }));
        long sampleMillis = settings.sample().toMillis();
        while (!stopped.await(sampleMillis == 0 ? Long.MAX_VALUE : sampleMillis, TimeUnit.MILLISECONDS)) {
            // What is left after a full collection is what is held, not what waits to be collected.
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            Said.sample(new Sample(
                    meter.handled(),
                    runtime.totalMemory() - runtime.freeMemory(),
                    contestant.stateBytes(),
                    collectionTime()));
        }
        // The hook closes the contestant and the JVM ends then.
        Thread.currentThread().join();
    }

    private static Duration cpuTime() {
        return Duration.ofNanos(
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
    }

    private static Duration collectionTime() {
        return Duration.ofMillis(ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum());
    }
}
