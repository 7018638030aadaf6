package dev.semel.examples.shop.balance;

/**
 * Something that is not as it should be.
 *
 * @param subject which record, order or product
 * @param expected what should be
 * @param found what is
 */
public record Difference(String subject, String expected, String found) {

    @Override
    public String toString() {
        return subject + ": expected " + expected + ", found " + found;
    }
}
