package dev.semel.core.health;

/**
 * Is told of each change of a processor's state.
 *
 * <p>Called on one thread of the processor's own that nothing else uses, in the order of the changes, one after the other. When it
 * is called the processor may be in a later state already. It may take its time and call the processor; later changes wait for
 * it. What it throws is logged, and changes nothing. The JVM does not end by itself before the last change was told.
 */
@FunctionalInterface
public interface ProcessorListener {

    /**
     * The processor went from one state to another.
     *
     * @param reason why, in words for people: for FAILED what failed, for PAUSED who or what paused it
     */
    void onTransition(ProcessorState from, ProcessorState to, String reason);
}
