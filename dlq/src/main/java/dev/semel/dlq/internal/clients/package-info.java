/** How the clients of a reprocessor are made, and what their exceptions mean. */
@NullMarked
package dev.semel.dlq.internal.clients;

import org.jspecify.annotations.NullMarked;
