package dev.semel.windowing.state;

/**
 * One entry of control state: a source, the clock with the accounts, an open window. It is the engine's own object, which goes on
 * changing; its bytes are made when they are asked for.
 *
 * <p>Threading: to be read by the thread that called {@link ControlState}, before it returns.
 */
public interface ControlEntry {

    /** What to keep it under: never changes, and no other entry has the same. A new array each time. */
    byte[] controlKey();

    /** What to keep: as it is at this moment, its version first. A new array each time. */
    byte[] controlValue();
}
