package dev.semel.core;

import dev.semel.core.internal.handle.Sequencing;

/**
 * Which records of a partition are handled one after the other. Whatever the order of handling, outputs become visible in the
 * order of the records' offsets, and a partition's offset is committed up to its first record that is not done.
 */
public enum ProcessingOrder {

    /**
     * Records with the same key (the same bytes) are handled in their order, others at the same time. Records without a key have
     * no order among each other.
     */
    KEY(Sequencing.byKey()),

    /** Records of a partition are handled in their order. */
    PARTITION(Sequencing.byPartition()),

    /** Any records are handled at the same time, also those of one key. */
    UNORDERED(Sequencing.none());

    private final Sequencing sequencing;

    ProcessingOrder(Sequencing sequencing) {
        this.sequencing = sequencing;
    }

    Sequencing sequencing() {
        return sequencing;
    }
}
