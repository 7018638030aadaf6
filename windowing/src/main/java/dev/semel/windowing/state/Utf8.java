package dev.semel.windowing.state;

import java.nio.charset.StandardCharsets;

/**
 * Texts in UTF-8. Code points order as their UTF-8 does, and {@code char} as code points do, but for surrogates: those stand for what
 * comes after every other {@code char}.
 */
enum Utf8 implements KeyBytes<String> {
    INSTANCE;

    private static final int BEGINNING_SURROGATES = Character.MIN_LOW_SURROGATE - Character.MIN_HIGH_SURROGATE;

    @Override
    public byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * As texts compare, where that is the same: a surrogate and another {@code char} that comes after all of them differ by more than
     * the surrogates that a character can begin with.
     */
    @Override
    public int compare(String one, String other) {
        int difference = one.compareTo(other);
        return difference > -BEGINNING_SURROGATES && difference < BEGINNING_SURROGATES
                ? difference
                : compareByCodePoint(one, other);
    }

    private static int compareByCodePoint(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        for (int i = 0; i < shorter; i++) {
            char left = one.charAt(i);
            char right = other.charAt(i);
            if (left != right) {
                return Character.isSurrogate(left) == Character.isSurrogate(right)
                        ? left - right
                        : aboveSurrogates(left) - aboveSurrogates(right);
            }
        }
        return one.length() - other.length();
    }

    private static int aboveSurrogates(char each) {
        return Character.isSurrogate(each) ? Character.MAX_VALUE + 1 : each;
    }
}
