package dev.semel.core.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Rewrites an event's JSON from one version of its schema to the next. Called by several threads at once.
 */
@FunctionalInterface
public interface Upcaster {

    /**
     * @param event the event in the old version; may be changed in place
     * @return the event in the next version: {@code event} itself, or another object
     */
    JsonNode upcast(ObjectNode event) throws Exception;
}
