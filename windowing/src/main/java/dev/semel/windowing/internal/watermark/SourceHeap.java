package dev.semel.windowing.internal.watermark;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The active sources, the one with the least mark on top: a binary heap that knows where each source is in it.
 *
 * <p>Marks only grow, so a source is moved down no sooner than it is on top. Until then it lies where its earlier, smaller mark has put
 * it, which is no higher than it may be: a record costs nothing here unless its source holds the watermark.
 */
final class SourceHeap {

    /** The slot of a source that is not in. */
    static final int OUT = -1;

    private Source[] sources = new Source[8];
    private int size;

    int size() {
        return size;
    }

    boolean isTop(Source source) {
        return source.slot == 0;
    }

    void add(Source source) {
        if (size == sources.length) {
            sources = Arrays.copyOf(sources, 2 * size);
        }
        source.heapMark = source.mark;
        up(source, size++);
    }

    void remove(Source source) {
        int slot = source.slot;
        source.slot = OUT;
        Source last = sources[--size];
        // Not kept from being collected once it is forgotten.
        Arrays.fill(sources, size, size + 1, null);
        if (slot == size) {
            return;
        }
        up(last, slot);
        down(last, last.slot);
    }

    /** The source with the least mark. */
    @Nullable Source least() {
        if (size == 0) {
            return null;
        }
        Source top = sources[0];
        while (top.heapMark != top.mark) {
            top.heapMark = top.mark;
            down(top, 0);
            top = sources[0];
        }
        return top;
    }

    private void up(Source source, int from) {
        int slot = from;
        while (slot > 0) {
            int parent = (slot - 1) >>> 1;
            if (sources[parent].heapMark <= source.heapMark) {
                break;
            }
            put(sources[parent], slot);
            slot = parent;
        }
        put(source, slot);
    }

    private void down(Source source, int from) {
        int slot = from;
        while (2 * slot + 1 < size) {
            int child = 2 * slot + 1;
            if (child + 1 < size && sources[child + 1].heapMark < sources[child].heapMark) {
                child++;
            }
            if (sources[child].heapMark >= source.heapMark) {
                break;
            }
            put(sources[child], slot);
            slot = child;
        }
        put(source, slot);
    }

    private void put(Source source, int slot) {
        sources[slot] = source;
        source.slot = slot;
    }

    /** How many have a mark before this. */
    int countBefore(long mark) {
        int count = 0;
        for (int slot = 0; slot < size; slot++) {
            count += sources[slot].mark < mark ? 1 : 0;
        }
        return count;
    }
}
