@NullMarked
package dev.semel.core.internal.poll;

import org.jspecify.annotations.NullMarked;
