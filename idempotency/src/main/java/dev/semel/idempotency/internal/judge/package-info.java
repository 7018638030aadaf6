/** How records are judged by the marks and claims of their partition, wherever the marks are kept. */
@NullMarked
package dev.semel.idempotency.internal.judge;

import org.jspecify.annotations.NullMarked;
