/**
 * The shop's PostgreSQL: how services and the runner reach it.
 */
@NullMarked
package dev.semel.examples.shop.database;

import org.jspecify.annotations.NullMarked;
