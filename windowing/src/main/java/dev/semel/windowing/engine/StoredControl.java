package dev.semel.windowing.engine;

/**
 * An entry of control state as it was kept.
 *
 * @param key of the entry
 * @param value of the entry
 */
public record StoredControl(byte[] key, byte[] value) {}
