package dev.semel.examples.shop.service;

import java.util.Random;

/** Chance that can be repeated: it follows from a seed and a name alone, whenever and wherever it is asked. */
public final class Chance {

    private Chance() {}

    /** @param name of an event, a mail: what it is that happens to be so or otherwise */
    public static Random of(long seed, String name) {
        return new Random(seed ^ spread(name));
    }

    /** FNV-1a: names that differ in a digit only must not share their fate. */
    private static long spread(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
