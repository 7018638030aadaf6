package dev.semel.core.failure;

import java.util.Objects;
import java.util.stream.Stream;

/** The chain of causes of an exception, itself first; bounded, since a chain can be a circle. */
final class Causes {

    private static final int BOUND = 20;

    private Causes() {}

    static Stream<Throwable> of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(BOUND);
    }
}
