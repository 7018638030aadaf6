/** Pictures of the pages, drawn from what the engine does, so that they are true. */
@NullMarked
package dev.semel.docs.pictures;

import org.jspecify.annotations.NullMarked;
