package dev.semel.core.internal.handle;

import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far a run of several deliveries has come. What becomes of each is written down here, and carried out when the run is over: by
 * its own thread, or by another where that does not come back. So what blocks while it is carried out counts against no deadline, and
 * no delivery is forgotten.
 *
 * <p>Thread-safe: written by the run's thread until it is carried out.
 */
final class Gathering {

    private final List<Delivery> deliveries;
    private final Set<Delivery> begun = new LinkedHashSet<>();
    private final Map<Delivery, Runnable> settled = new IdentityHashMap<>();
    private boolean over;

    Gathering(List<Delivery> deliveries) {
        this.deliveries = deliveries;
    }

    /**
     * An attempt at it begins.
     *
     * @return false where another thread has decided on it meanwhile: it is not to be touched
     */
    synchronized boolean begins(Delivery delivery, long nowNanos) {
        if (!over) {
            delivery.attemptStarts(nowNanos);
            begun.add(delivery);
        }
        return !over;
    }

    /** This is to become of it, whatever becomes of the others. */
    synchronized void settle(Delivery delivery, Runnable how) {
        if (!over) {
            begun.remove(delivery);
            settled.put(delivery, how);
        }
    }

    /**
     * Carries out what is settled. Called once.
     *
     * @param together told of those that have begun and are not settled
     * @param untouched told of each of the others
     */
    void end(Consumer<List<Delivery>> together, Consumer<Delivery> untouched) {
        synchronized (this) {
            over = true;
        }
        together.accept(List.copyOf(begun));
        for (Delivery delivery : deliveries) {
            @Nullable Runnable how = settled.get(delivery);
            if (how != null) {
                how.run();
            } else if (!begun.contains(delivery)) {
                untouched.accept(delivery);
            }
        }
    }
}
