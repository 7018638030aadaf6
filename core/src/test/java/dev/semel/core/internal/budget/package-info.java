@NullMarked
package dev.semel.core.internal.budget;

import org.jspecify.annotations.NullMarked;
