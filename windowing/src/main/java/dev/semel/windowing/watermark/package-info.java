/** What a user says of event time: how far behind a source may be, and what becomes of one that is silent or comes back. */
@NullMarked
package dev.semel.windowing.watermark;

import org.jspecify.annotations.NullMarked;
