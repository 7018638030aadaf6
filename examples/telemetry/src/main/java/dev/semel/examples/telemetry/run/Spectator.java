package dev.semel.examples.telemetry.run;

/** Watches a run. For one thread. */
public interface Spectator {

    /** Something has happened that is worth a line. */
    void say(double seconds, String line);

    /** How things stand: several times a second. */
    void show(Frame frame);
}
