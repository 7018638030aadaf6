package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.state.ControlEntry;
import dev.semel.windowing.state.ControlState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Control state in a store of Kafka Streams. Entries are remembered while a record has its turn and written once when it is over, or
 * before the commit: the engine says several times a record that its clock has changed.
 *
 * <p>Threading: the task's thread.
 */
final class StreamsControl implements ControlState {

    private final StateBytes store;
    private final Set<ControlEntry> changed = new LinkedHashSet<>();
    private final Set<Bytes> removed = new LinkedHashSet<>();
    private @Nullable ControlEntry last;
    private @Nullable ControlEntry lastButOne;

    StreamsControl(StateBytes store) {
        this.store = store;
        store.commits().beforeCommit(this::write);
    }

    /** All that is stored. */
    List<StoredControl> stored() {
        var all = new ArrayList<StoredControl>();
        try (KeyValueIterator<Bytes, byte[]> entries = store.bytes().all()) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                all.add(new StoredControl(entry.key.get(), entry.value));
            }
        }
        return all;
    }

    @Override
    public void put(ControlEntry entry) {
        if (entry == last || entry == lastButOne) {
            return;
        }
        lastButOne = last;
        last = entry;
        changed.add(entry);
    }

    @Override
    public void remove(ControlEntry entry) {
        changed.remove(entry);
        removed.add(Bytes.wrap(entry.controlKey()));
        last = null;
        lastButOne = null;
    }

    /** What is stored under a key is of nobody. */
    void forget(byte[] key) {
        removed.add(Bytes.wrap(key));
    }

    /** A record's turn is over. */
    void settle() {
        if (!store.commits().isThere()) {
            write();
        }
    }

    /** Removals first: one that has come again under the same key is a new entry. */
    private void write() {
        for (Bytes key : removed) {
            store.remove(key);
        }
        removed.clear();
        for (ControlEntry entry : changed) {
            store.put(Bytes.wrap(entry.controlKey()), entry.controlValue());
        }
        changed.clear();
        last = null;
        lastButOne = null;
    }
}
