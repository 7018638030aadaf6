package dev.semel.windowing.internal.watermark;

import dev.semel.windowing.watermark.SourceState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sources that are known, by name, each in one step if its name has been looked up before. */
final class SourceTable {

    private static final int REMEMBERED = 64;

    private final Map<String, Source> named = new HashMap<>();
    private final @Nullable Source[] recent = new @Nullable Source[REMEMBERED];
    private final int most;
    private @Nullable Source unnamed;
    private @Nullable Source overflow;
    private boolean worthLooking;

    SourceTable(int most) {
        this.most = most;
    }

    /** @param name null for records that say nothing of their source */
    @Nullable Source find(@Nullable String name) {
        if (name == null) {
            return unnamed;
        }
        Source source = recent[name.hashCode() & (REMEMBERED - 1)];
        return source != null && source.name.equals(name) ? source : lookUp(name);
    }

    private @Nullable Source lookUp(String name) {
        Source source = named.get(name);
        if (source != null) {
            recent[name.hashCode() & (REMEMBERED - 1)] = source;
        }
        return source;
    }

    @Nullable Source overflow() {
        return overflow;
    }

    boolean isFull() {
        return named.size() >= most;
    }

    int size() {
        return named.size();
    }

    boolean isEmpty() {
        return named.isEmpty() && unnamed == null && overflow == null;
    }

    void add(Source source) {
        switch (source.role) {
            case NAMED -> named.put(source.name, source);
            case UNNAMED -> unnamed = source;
            case OVERFLOW -> overflow = source;
        }
    }

    void remove(Source source) {
        named.remove(source.name);
        int slot = source.name.hashCode() & (REMEMBERED - 1);
        if (recent[slot] == source) {
            recent[slot] = null;
        }
    }

    /** A source may have become one that can be forgotten. */
    void mayForget() {
        worthLooking = true;
    }

    /**
     * Those that may be forgotten: a mark that is not waited for says nothing, and one that comes back is new. Looked for only when there
     * may be some, since it takes as long as there are sources.
     */
    List<Source> forgettable() {
        if (!worthLooking) {
            return List.of();
        }
        var some = new ArrayList<Source>();
        for (Source source : named.values()) {
            if (!source.declared && (source.state == SourceState.IDLE || source.state == SourceState.FINISHED)) {
                some.add(source);
            }
        }
        worthLooking = !some.isEmpty();
        return some;
    }

    Collection<Source> all() {
        var all = new ArrayList<>(named.values());
        if (unnamed != null) {
            all.add(unnamed);
        }
        if (overflow != null) {
            all.add(overflow);
        }
        return all;
    }
}
