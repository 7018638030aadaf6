/** What puts the engine into a task of Kafka Streams: its state in stores, its ticks, its two outputs. */
@NullMarked
package dev.semel.windowing.internal.streams;

import org.jspecify.annotations.NullMarked;
