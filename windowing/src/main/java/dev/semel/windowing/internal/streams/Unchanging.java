package dev.semel.windowing.internal.streams;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Which objects are known to stay as they were made: numbers, texts, times, constants, and records of nothing else. Of others it is not
 * known, whatever they do.
 *
 * <p>Threading: any thread.
 */
final class Unchanging {

    private static final Set<Class<?>> PLAIN = Set.of(
            Long.class,
            Integer.class,
            Short.class,
            Byte.class,
            Double.class,
            Float.class,
            Boolean.class,
            Character.class,
            String.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            Duration.class,
            Instant.class,
            LocalDate.class,
            LocalDateTime.class);

    private static final ClassValue<Boolean> KNOWN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isUnchanging(type, new HashSet<>());
        }
    };

    private Unchanging() {}

    static boolean is(Object object) {
        return KNOWN.get(object.getClass());
    }

    /** @param outer records that a component is within: one of their own type makes no difference */
    private static boolean isUnchanging(Class<?> type, Set<Class<?>> outer) {
        if (type.isPrimitive() || type.isEnum() || PLAIN.contains(type) || !outer.add(type)) {
            return true;
        }
        return type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .allMatch(component -> isUnchanging(component, outer));
    }
}
