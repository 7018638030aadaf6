@NullMarked
package dev.semel.core.internal.release;

import org.jspecify.annotations.NullMarked;
