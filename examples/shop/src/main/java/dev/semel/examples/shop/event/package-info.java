/**
 * The shop's events, the topics in which they lie, and the rules that every one of them keeps.
 */
@NullMarked
package dev.semel.examples.shop.event;

import org.jspecify.annotations.NullMarked;
