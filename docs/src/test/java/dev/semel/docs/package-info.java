/** The code that README and documentation pages show, and tests that they show it as it is and say what is true. */
@NullMarked
package dev.semel.docs;

import org.jspecify.annotations.NullMarked;
