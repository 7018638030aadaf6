package dev.semel.windowing.state;

/** Keeps nothing, and asks no entry for its bytes. */
enum NoControlState implements ControlState {
    INSTANCE;

    @Override
    public void put(ControlEntry entry) {}

    @Override
    public void remove(ControlEntry entry) {}
}
