/** Machinery of the testkit: how clusters are chosen and run, and how child processes are watched. Not an API. */
@NullMarked
package dev.semel.testkit.internal;

import org.jspecify.annotations.NullMarked;
