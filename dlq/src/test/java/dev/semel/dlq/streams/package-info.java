@NullMarked
package dev.semel.dlq.streams;

import org.jspecify.annotations.NullMarked;
