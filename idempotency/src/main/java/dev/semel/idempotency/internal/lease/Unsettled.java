package dev.semel.idempotency.internal.lease;

import dev.semel.core.failure.WaitException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What could not be noted because the table was away: that an effect is done, or that it has failed. It is noted as soon as that can be,
 * so that an outage between an effect and its completion does not repeat the effect. It ends with the process, as the effect's thread does.
 *
 * <p>There are no more of them than there were effects under way when the outage began: without the table none begins. Thread-safe.
 */
public final class Unsettled {

    private static final Logger log = LoggerFactory.getLogger(Unsettled.class);

    private final Map<String, Runnable> open = new ConcurrentHashMap<>();

    /** @param settlement throws {@link WaitException} where it is to be run again, and can be run twice */
    public void add(String key, Runnable settlement) {
        open.put(key, settlement);
    }

    /**
     * Notes what is to be noted of a key.
     *
     * @throws WaitException where that still cannot be
     */
    public void settle(String key) {
        Runnable settlement = open.get(key);
        if (settlement == null) {
            return;
        }
        try {
            settlement.run();
        } catch (WaitException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whoever asks next finds what is true now; nobody is left to be told but the log.
            log.warn("What became of an effect could not be noted: {}", e.getMessage(), e);
        }
        open.remove(key, settlement);
    }

    /** Notes what can be noted. */
    public void settleAll() {
        for (String key : open.keySet()) {
            try {
                settle(key);
            } catch (WaitException e) {
                log.debug("Effects wait for their outcomes to be noted: {}", e.getMessage(), e);
                return;
            }
        }
    }

    /** How many there are. */
    public int size() {
        return open.size();
    }
}
