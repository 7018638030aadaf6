/**
 * What the shop's services have in common: how each is launched as a process of its own, and the failures that are put
 * into them.
 */
@NullMarked
package dev.semel.examples.shop.service;

import org.jspecify.annotations.NullMarked;
