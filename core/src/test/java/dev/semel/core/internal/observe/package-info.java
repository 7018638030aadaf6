@NullMarked
package dev.semel.core.internal.observe;

import org.jspecify.annotations.NullMarked;
