/**
 * What is fed into the shop: generated, or read from a file.
 */
@NullMarked
package dev.semel.examples.shop.input;

import org.jspecify.annotations.NullMarked;
