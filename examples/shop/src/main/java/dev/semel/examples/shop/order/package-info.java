/**
 * The order service.
 */
@NullMarked
package dev.semel.examples.shop.order;

import org.jspecify.annotations.NullMarked;
