package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessorThreadsTest {

    private final ProcessorThreads threads = new ProcessorThreads("group");

    @AfterEach
    void end() {
        threads.interrupt();
    }

    @Test
    void aLargeAssignmentIsRestoredAFewPartitionsAtATime() throws Exception {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        var atOnce = new CountDownLatch(ProcessorThreads.RESTORES_AT_A_TIME);
        var goOn = new CountDownLatch(1);
        var ended = new CountDownLatch(100);
        for (int partition = 0; partition < 100; partition++) {
            threads.restorers().execute(() -> {
                used.add(Thread.currentThread());
                atOnce.countDown();
                awaitQuietly(goOn);
                ended.countDown();
            });
        }
        assertThat(atOnce.await(30, TimeUnit.SECONDS)).isTrue();
        goOn.countDown();
        assertThat(ended.await(30, TimeUnit.SECONDS)).as("the others follow").isTrue();
        assertThat(used).hasSize(ProcessorThreads.RESTORES_AT_A_TIME);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            // Of the end of the test.
            Thread.currentThread().interrupt();
        }
    }
}
