@NullMarked
package dev.semel.core;

import org.jspecify.annotations.NullMarked;
