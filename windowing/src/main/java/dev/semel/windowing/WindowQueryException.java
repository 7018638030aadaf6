package dev.semel.windowing;

import dev.semel.windowing.state.WindowingException;

/** A query of windows had no answer of some partition: its task is moving, or its state is being restored. Ask again. */
public final class WindowQueryException extends WindowingException {

    private static final long serialVersionUID = 1;

    WindowQueryException(String message) {
        super(message);
    }
}
