/** A run from its start to its books: the cluster, the sender, the application, and the one who counts. */
@NullMarked
package dev.semel.examples.telemetry.run;

import org.jspecify.annotations.NullMarked;
