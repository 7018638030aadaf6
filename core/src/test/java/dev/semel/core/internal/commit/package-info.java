@NullMarked
package dev.semel.core.internal.commit;

import org.jspecify.annotations.NullMarked;
