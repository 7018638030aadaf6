@NullMarked
package dev.semel.core.internal.handle;

import org.jspecify.annotations.NullMarked;
