package dev.semel.examples.telemetry.input;

import dev.semel.examples.telemetry.reading.LineFormat;
import java.util.Iterator;

/** Lines in the order in which they arrive. For one thread. */
public interface LineSource extends AutoCloseable {

    /** How they are to be read. */
    LineFormat format();

    /** How many there are. */
    long count();

    /** All of them, once. */
    Iterator<TimedLine> lines();

    @Override
    void close();
}
