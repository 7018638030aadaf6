package dev.semel.testkit.internal;

import java.util.Arrays;

/** A number for each input, 0 at first. For one thread at a time. */
public final class IntColumn {

    private int[] numbers = new int[1024];

    /** All zero. */
    public IntColumn() {}

    /**
     * The number of an input.
     *
     * @param row from 0
     * @return 0 unless set
     */
    public int get(int row) {
        return row < numbers.length ? numbers[row] : 0;
    }

    /**
     * Sets the number of an input.
     *
     * @param row from 0
     * @param number any
     */
    public void set(int row, int number) {
        if (row >= numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(row + 1, 2 * numbers.length));
        }
        numbers[row] = number;
    }

    /**
     * Adds to the number of an input.
     *
     * @param row from 0
     * @param more any
     */
    public void add(int row, int more) {
        set(row, get(row) + more);
    }
}
