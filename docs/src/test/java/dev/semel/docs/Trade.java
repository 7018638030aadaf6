package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * What the page of windows computes with.
 *
 * @param quantity how much was traded
 * @param time when, in milliseconds since 1970
 */
record Trade(long quantity, long time) {

    /** A minute begins here. */
    static final long MINUTE = Instant.parse("2024-01-18T02:16:00Z").toEpochMilli();

    /** So much, so many seconds after {@link #MINUTE}. */
    static Trade of(long quantity, long seconds) {
        return new Trade(quantity, MINUTE + seconds * 1_000);
    }

    static Serde<Trade> serde() {
        return Serdes.serdeFrom(
                (topic, trade) -> trade == null ? null : (trade.quantity() + "@" + trade.time()).getBytes(UTF_8),
                (topic, bytes) -> {
                    if (bytes == null) {
                        return null;
                    }
                    String[] parts = new String(bytes, UTF_8).split("@");
                    return new Trade(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
                });
    }
}
