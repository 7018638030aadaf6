@NullMarked
package dev.semel.core.internal.start;

import org.jspecify.annotations.NullMarked;
