/**
 * The inventory service: what is in stock, in PostgreSQL, changed in the transaction that also says which event changed
 * it.
 */
@NullMarked
package dev.semel.examples.shop.inventory;

import org.jspecify.annotations.NullMarked;
