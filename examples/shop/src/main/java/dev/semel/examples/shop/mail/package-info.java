/**
 * The mail server that customers' e-mails go to: outside the shop, and so out of reach of any transaction.
 */
@NullMarked
package dev.semel.examples.shop.mail;

import org.jspecify.annotations.NullMarked;
