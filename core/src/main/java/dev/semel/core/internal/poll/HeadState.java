package dev.semel.core.internal.poll;

/** What becomes, at a moment, of a partition's first record that is not done with. */
public enum HeadState {
    HANDLING("its handler runs"),
    RETRYING("it waits to be tried again"),
    WAITING("it waits to be handled"),
    COMPLETE("it is complete and not committed"),
    HELD("it is held until a note of how its assignment began is committed");

    private final String words;

    HeadState(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
