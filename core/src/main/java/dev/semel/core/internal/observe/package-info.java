/**
 * Looks at a running processor from outside its threads: reads what the rooms show, asks the cluster what there is to read, and
 * judges. No room knows that it is looked at.
 */
@NullMarked
package dev.semel.core.internal.observe;

import org.jspecify.annotations.NullMarked;
