package dev.semel.dlq;

import java.util.Map;
import java.util.Objects;

/**
 * What has become of the letters that somebody asked something for: {@code applied + duplicate + failed again + skipped = read}.
 *
 * @param id names what was asked for; the states of the letters say it
 * @param read how many letters were named
 * @param applied for how many it was done: handled in a redrive, or parked, or discarded
 * @param duplicate how many had come to their end before
 * @param failedAgain those that were handled and failed again, with what, by id
 * @param skipped those about which nothing was done, and why, by id
 */
public record InPlaceReport(
        String id, int read, int applied, int duplicate, Map<String, String> failedAgain, Map<String, String> skipped) {

    public InPlaceReport {
        Objects.requireNonNull(id, "id");
        failedAgain = Map.copyOf(failedAgain);
        skipped = Map.copyOf(skipped);
        int sum = applied + duplicate + failedAgain.size() + skipped.size();
        if (sum != read) {
            throw new IllegalArgumentException("applied " + applied + " + duplicate " + duplicate + " + failed again "
                    + failedAgain.size() + " + skipped " + skipped.size() + " = " + sum + ", but read " + read);
        }
    }
}
