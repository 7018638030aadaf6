@NullMarked
package dev.semel.core.participant;

import org.jspecify.annotations.NullMarked;
