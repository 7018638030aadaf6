package dev.semel.dlq.internal.inplace;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.copy.Snapshot;
import dev.semel.dlq.internal.edit.EditedId;
import dev.semel.dlq.internal.keep.StoreView;
import dev.semel.dlq.internal.letters.LetterTopic;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Letters as they are known now: those that are kept by their owners, others by what was done about them here. Each partition of a store
 * is read once, with its first letter: what is behind that was committed before. For one thread.
 */
public final class KeptView implements Snapshot.View {

    private record Owned(String group, TopicPartition source) {}

    private final Stores stores;
    private final LetterTopic.States others;
    private final Map<Owned, Optional<StoreView>> views = new HashMap<>();

    KeptView(Stores stores, LetterTopic.States others) {
        this.stores = stores;
        this.others = others;
    }

    @Override
    public Letter of(Letter letter) throws Exception {
        Optional<StoreView> view = keeping(letter);
        return view.isPresent() ? view.get().of(letter) : others.of(letter);
    }

    @Override
    public @Nullable String keeper(Letter letter) throws Exception {
        return keeping(letter).isPresent() ? letter.group() : null;
    }

    @Override
    public long address(Letter letter) throws Exception {
        return keeping(letter).orElseThrow().address(letter);
    }

    @Override
    public @Nullable Uuid topic(Letter letter) throws Exception {
        return keeping(letter).orElseThrow().topic();
    }

    @Override
    public int waitingBehind(Letter letter) throws Exception {
        Optional<StoreView> view = keeping(letter);
        return view.isPresent() ? view.get().waitingBehind(letter.key()) : 0;
    }

    /** What its owners have written, if it is one that they keep. */
    private Optional<StoreView> keeping(Letter letter) throws Exception {
        Optional<StoreView> view = view(letter);
        return view.isPresent() && view.get().keeps(letter) ? view : Optional.empty();
    }

    private Optional<StoreView> view(Letter letter) throws Exception {
        @Nullable Owned owned = owned(letter);
        if (owned == null) {
            return Optional.empty();
        }
        Optional<StoreView> known = views.get(owned);
        if (known == null) {
            known = read(owned);
            views.put(owned, known);
        }
        return known;
    }

    private Optional<StoreView> read(Owned owned) throws Exception {
        Optional<TopicPartition> partition = stores.partition(owned.group(), owned.source());
        return partition.isEmpty()
                ? Optional.empty()
                : Optional.of(StoreView.of(owned.group(), owned.source(), partition.get(), stores::replay));
    }

    /** Whose it is; null where it is not one of ours, or has another's name. */
    private static @Nullable Owned owned(Letter letter) {
        @Nullable RecordPosition origin = letter.origin();
        @Nullable String group = letter.group();
        if (letter.format() != LetterFormat.SEMEL || origin == null || group == null) {
            return null;
        }
        var source = new TopicPartition(origin.topic(), origin.partition());
        return EditedId.first(letter.id()).equals(DeadLetter.id(group, source, origin.offset()))
                ? new Owned(group, source)
                : null;
    }

    /** Whose letter it is, and of which source topic; empty where its group does not keep it. */
    Optional<Stores.Kept> kept(Letter letter) throws Exception {
        @Nullable Owned owned = owned(letter);
        return owned == null || stores.partition(owned.group(), owned.source()).isEmpty()
                ? Optional.empty()
                : Optional.of(new Stores.Kept(owned.group(), owned.source().topic()));
    }

    /** What was done last about letters in one partition of a source topic; empty where there is no such partition. */
    Optional<Map<String, StateChange>> changes(Stores.Kept kept, int number) throws Exception {
        var source = new TopicPartition(kept.source(), number);
        Optional<TopicPartition> partition = stores.partition(kept.group(), source);
        return partition.isEmpty()
                ? Optional.empty()
                : Optional.of(StoreView.changes(kept.group(), source, partition.get(), stores::replay));
    }

    /** What was done last about one letter; empty where nothing was, its group does not keep it, or it is forgotten. */
    Optional<StateChange> lastChange(Letter letter) throws Exception {
        @Nullable Owned owned = owned(letter);
        if (owned == null) {
            return Optional.empty();
        }
        Optional<TopicPartition> partition = stores.partition(owned.group(), owned.source());
        return partition.isEmpty()
                ? Optional.empty()
                : StoreView.lastChange(owned.group(), owned.source(), partition.get(), letter, stores::replay);
    }
}
