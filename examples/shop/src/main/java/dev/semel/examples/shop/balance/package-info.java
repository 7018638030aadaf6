/**
 * Whether a run balances: what the topics hold, compared with what was put in, record by record and unit by unit.
 * Nothing here asks the services, and nothing is taken over from their code.
 */
@NullMarked
package dev.semel.examples.shop.balance;

import org.jspecify.annotations.NullMarked;
