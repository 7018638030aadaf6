/**
 * The confirmation service: an e-mail for each paid order, which no transaction can take back.
 */
@NullMarked
package dev.semel.examples.shop.confirmation;

import org.jspecify.annotations.NullMarked;
