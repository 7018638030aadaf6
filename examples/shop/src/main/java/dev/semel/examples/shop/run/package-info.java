/**
 * One run: the broker, the services as processes, what is fed to them, what is done to them, and how it is shown.
 */
@NullMarked
package dev.semel.examples.shop.run;

import org.jspecify.annotations.NullMarked;
