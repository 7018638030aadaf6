package dev.semel.testkit;

import org.jspecify.annotations.Nullable;

/**
 * An input as the guarantees remember it: its name and place, not its value.
 *
 * @param number which of the inputs it is, counted from 0 in the order in which they were read
 * @param id as its {@link RecordIdentity} says
 * @param topic where it is
 * @param partition of the topic
 * @param offset in the partition
 * @param key its key as text ({@code 0x} and hexadecimal digits if it is none), or null
 */
public record ObservedInput(
        int number,
        String id,
        String topic,
        int partition,
        long offset,
        @Nullable String key) {

    /** {@code orders-0@17 (id shop/17, key customer-3)}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset + " (id " + id + ", key " + key + ")";
    }
}
