/** The application under test: a Kafka Streams topology with windows of event time, in a process of its own. */
@NullMarked
package dev.semel.examples.telemetry.application;

import org.jspecify.annotations.NullMarked;
