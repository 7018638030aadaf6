package dev.semel.core.internal.handle;

import dev.semel.core.internal.release.Outcome;

/**
 * Something of a record could not be sent after its fate had been decided.
 *
 * @param delivery the record
 * @param outcome the fate that could not be carried out
 * @param cause what the producer or the broker said
 */
record Refusal(Delivery delivery, Outcome outcome, Exception cause) {}
