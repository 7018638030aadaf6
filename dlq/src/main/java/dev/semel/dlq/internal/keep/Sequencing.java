package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Participation;
import org.jspecify.annotations.Nullable;

/** Which records keep an order, as the processor does. Thread-safe. */
final class Sequencing {

    private enum Order {
        NONE,
        KEY,
        PARTITION
    }

    private final Order order;
    private final boolean keylessBlocks;

    /** @param keylessBlocks whether a letter without a key keeps back all that comes after it in its partition */
    Sequencing(Participation processor, boolean behindLetters, boolean keylessBlocks) {
        this.order = !behindLetters || !processor.isOrdered()
                ? Order.NONE
                : processor.sequence(null) == null ? Order.KEY : Order.PARTITION;
        this.keylessBlocks = keylessBlocks && order == Order.KEY;
    }

    /** Whether records without a key keep back the others of their partition. */
    boolean keylessBlocks() {
        return keylessBlocks;
    }

    /**
     * What a record keeps its order with.
     *
     * @param ofKey of its key, see {@link Sequence#ofKey}
     * @return null where it waits for nobody, and nobody for it
     */
    @Nullable Sequence of(@Nullable Sequence ofKey) {
        return switch (order) {
            case NONE -> null;
            case KEY -> ofKey == null && keylessBlocks ? Sequence.KEYLESS : ofKey;
            case PARTITION -> Sequence.WHOLE_PARTITION;
        };
    }
}
