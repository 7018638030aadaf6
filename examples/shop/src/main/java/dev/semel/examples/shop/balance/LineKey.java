package dev.semel.examples.shop.balance;

/**
 * What tells a command, and the event that answers it, from all others of a run.
 *
 * @param input the number of the input
 * @param line the line of it
 */
record LineKey(int input, int line) implements Comparable<LineKey> {

    @Override
    public int compareTo(LineKey other) {
        return input == other.input ? Integer.compare(line, other.line) : Integer.compare(input, other.input);
    }

    @Override
    public String toString() {
        return "input " + input + " line " + line;
    }
}
