package dev.semel.core.health;

import java.util.Objects;

/**
 * The answer to one question about a processor.
 *
 * @param ok whether all is well
 * @param reason why it is so, in words for people; never blank
 */
public record Probe(boolean ok, String reason) {

    public Probe {
        Objects.requireNonNull(reason, "reason");
        if (reason.isBlank()) {
            throw new IllegalArgumentException("reason is blank: say why the probe is " + (ok ? "ok" : "not ok"));
        }
    }

    /** All is well. */
    public static Probe ok(String reason) {
        return new Probe(true, reason);
    }

    /** Something is wrong. */
    public static Probe failing(String reason) {
        return new Probe(false, reason);
    }
}
