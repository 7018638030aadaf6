package dev.semel.examples.benchmarks.run;

/** Shows a run as it goes. For one thread. */
public interface Progress {

    /** A step begins, for example a contestant's turn. */
    void step(String name);

    /** The step has come so far; with nothing told of its end where {@code all} is 0. */
    void at(long done, long all);

    /** The step has ended with this. */
    void done(String result);

    /** Nobody looks. */
    static Progress none() {
        return new Progress() {
            @Override
            public void step(String name) {}

            @Override
            public void at(long done, long all) {}

            @Override
            public void done(String result) {}
        };
    }
}
