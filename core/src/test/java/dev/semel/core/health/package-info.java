@NullMarked
package dev.semel.core.health;

import org.jspecify.annotations.NullMarked;
