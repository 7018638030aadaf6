/**
 * The payment service: each payment has its effect once, however often the provider tells of it.
 */
@NullMarked
package dev.semel.examples.shop.payment;

import org.jspecify.annotations.NullMarked;
