@NullMarked
package dev.semel.core.event;

import org.jspecify.annotations.NullMarked;
