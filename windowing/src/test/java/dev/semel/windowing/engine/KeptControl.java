package dev.semel.windowing.engine;

import dev.semel.windowing.state.ControlEntry;
import dev.semel.windowing.state.ControlState;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Control state as a store would keep it: bytes, written each time. Counts how often. */
public final class KeptControl implements ControlState {

    final TreeMap<byte[], byte[]> entries;
    long puts;

    /** With nothing in it. */
    public KeptControl() {
        this(new TreeMap<>(Arrays::compareUnsigned));
    }

    private KeptControl(TreeMap<byte[], byte[]> entries) {
        this.entries = entries;
    }

    public KeptControl copy() {
        return new KeptControl(new TreeMap<>(entries));
    }

    @Override
    public void put(ControlEntry entry) {
        entries.put(entry.controlKey(), entry.controlValue());
        puts++;
    }

    @Override
    public void remove(ControlEntry entry) {
        entries.remove(entry.controlKey());
    }

    public List<StoredControl> stored() {
        return entries.entrySet().stream()
                .map(entry -> new StoredControl(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** All that is kept, to be compared. */
    List<String> shown() {
        var hex = HexFormat.of();
        return entries.entrySet().stream()
                .map(entry -> hex.formatHex(entry.getKey()) + "=" + hex.formatHex(entry.getValue()))
                .toList();
    }
}
