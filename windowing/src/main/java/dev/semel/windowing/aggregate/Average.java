package dev.semel.windowing.aggregate;

/**
 * How many numbers there were, and what they come to.
 *
 * @param count more than zero
 * @param sum of them
 */
public record Average(long count, double sum) {

    /** Checks the count. */
    public Average {
        if (count < 1) {
            throw new IllegalArgumentException("the count is " + count + ", and an average is of one number or more");
        }
    }

    /** The arithmetic mean. */
    public double mean() {
        return sum / count;
    }

    Average plus(double number) {
        return new Average(Math.addExact(count, 1), sum + number);
    }

    Average plus(Average other) {
        return new Average(Math.addExact(count, other.count), sum + other.sum);
    }
}
