@NullMarked
package dev.semel.core.failure;

import org.jspecify.annotations.NullMarked;
