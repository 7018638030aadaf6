/**
 * Windows of event time for topologies of Kafka Streams: begin with {@link dev.semel.windowing.EventTimeWindows}.
 *
 * <p>A watermark for each source, the least of which closes windows; every record is processed, late or rejected, and counted as such;
 * state is in stores of Kafka Streams and changes in its transactions.
 */
@NullMarked
package dev.semel.windowing;

import org.jspecify.annotations.NullMarked;
