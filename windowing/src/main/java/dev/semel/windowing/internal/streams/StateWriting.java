package dev.semel.windowing.internal.streams;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** When state is written to its store, and so to its changelog. */
public enum StateWriting {

    /** Each change at once, into Kafka's own cache: nothing but public API. */
    THROUGH,

    /** Once for each commit, just before it: what changes often in between is written once. */
    BACK;

    private static final String CACHED_STORE = "org.apache.kafka.streams.state.internals.CachedStateStore";
    private static final Set<String> KNOWN = Set.of("setFlushListener/2", "flushCache/0", "clearCache/0");

    /** This, or {@link #THROUGH} where the kafka-streams on the class path has nothing to be told of a commit by. */
    StateWriting orWhatIsPossible() {
        return this == BACK && !isKnown(CACHED_STORE) ? THROUGH : this;
    }

    /** Whether a type is the one that has been tried: it has these methods to be implemented, and no others. */
    static boolean isKnown(String type) {
        try {
            Set<String> methods = Arrays.stream(Class.forName(type, false, StateWriting.class.getClassLoader())
                            .getMethods())
                    .filter(method -> Modifier.isAbstract(method.getModifiers()))
                    .map(StateWriting::shape)
                    .collect(Collectors.toSet());
            return methods.equals(KNOWN);
        } catch (ClassNotFoundException e) {
            // A release without it is one of those that the other way is for.
            return false;
        }
    }

    private static String shape(Method method) {
        return method.getName() + "/" + method.getParameterCount();
    }
}
