package dev.semel.core.internal.poll;

import dev.semel.core.health.ProcessorListener;
import dev.semel.core.health.ProcessorState;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of changes of state, in their order, on a thread of its own that lives while there is something to tell. It is no
 * daemon, so that the end of a processor is told before that of the JVM.
 */
final class Announcements {

    private static final Logger log = LoggerFactory.getLogger(Announcements.class);

    private static final long IDLE_MILLIS = 100;

    private final String name;
    private final List<ProcessorListener> listeners;
    private final ThreadPoolExecutor teller;

    /** @param name the processor's */
    Announcements(String name, List<ProcessorListener> listeners) {
        this.name = name;
        this.listeners = List.copyOf(listeners);
        this.teller = new ThreadPoolExecutor(
                1, 1, IDLE_MILLIS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), this::thread);
        teller.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable task) {
        var thread = new Thread(task, "semel-" + name + "-listener");
        thread.setDaemon(false); // whoever changes the state first may be one
        return thread;
    }

    /** Returns at once. Calls are to come in the order of the changes. */
    void announce(ProcessorState from, ProcessorState to, String reason) {
        if (!listeners.isEmpty()) {
            teller.execute(() -> listeners.forEach(listener -> tell(listener, from, to, reason)));
        }
    }

    private void tell(ProcessorListener listener, ProcessorState from, ProcessorState to, String reason) {
        try {
            listener.onTransition(from, to, reason);
        } catch (Throwable e) {
            // The processor does not depend on who watches it, nor do the others who do.
            log.error("Processor {}: listener {} failed at {} -> {}", name, listener, from, to, e);
        }
    }
}
