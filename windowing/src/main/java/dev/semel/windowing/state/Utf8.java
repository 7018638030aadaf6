package dev.semel.windowing.state;

import java.nio.charset.StandardCharsets;

/**
 * Texts in UTF-8. Code points order as their UTF-8 does, and {@code char} as code points do, but for surrogates: those stand for what
 * comes after every other {@code char}.
 */
enum Utf8 implements KeyBytes<String> {
    INSTANCE;

    @Override
    public byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int compare(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        for (int i = 0; i < shorter; i++) {
            char left = one.charAt(i);
            char right = other.charAt(i);
            if (left != right) {
                return Character.isSurrogate(left) == Character.isSurrogate(right)
                        ? left - right
                        : Character.isSurrogate(left) ? 1 : -1;
            }
        }
        return one.length() - other.length();
    }
}
