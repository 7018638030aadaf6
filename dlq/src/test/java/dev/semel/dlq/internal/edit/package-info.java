@org.jspecify.annotations.NullMarked
package dev.semel.dlq.internal.edit;
