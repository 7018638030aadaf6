package dev.semel.core.internal.poll;

import dev.semel.core.event.EventContext;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Several participants as one. They are asked in their order, and the first that does not let a record go on decides; what was taken
 * up is ended in the reverse order.
 */
final class SeveralParticipants implements PartitionParticipant {

    private final List<PartitionParticipant> all;

    SeveralParticipants(List<PartitionParticipant> all) {
        this.all = all;
    }

    @Override
    public void restore(long committedOffset) throws Exception {
        for (PartitionParticipant participant : all) {
            participant.restore(committedOffset);
        }
    }

    @Override
    public UnitOfWork begin() {
        var begun = new ArrayList<UnitOfWork>(all.size());
        try {
            for (PartitionParticipant participant : all) {
                begun.add(participant.begin());
            }
        } catch (RuntimeException | Error e) {
            // Nobody else knows of those that have begun.
            try {
                new Units(begun).close();
            } catch (Exception closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
        return new Units(begun);
    }

    @Override
    public Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) throws Exception {
        for (PartitionParticipant participant : all) {
            Verdict verdict = participant.giveUp(subject, as, failureClass, failure);
            if (!(verdict instanceof Verdict.Proceed)) {
                return verdict;
            }
        }
        return Verdict.PROCEED;
    }

    @Override
    public boolean isStillDuplicate(long offset) {
        return all.stream().allMatch(participant -> participant.isStillDuplicate(offset));
    }

    @Override
    public void settled(Subject subject, Fate fate) {
        each(all, participant -> participant.settled(subject, fate));
    }

    @Override
    public List<Redelivery> redeliveries(int room) {
        var redeliveries = new ArrayList<Redelivery>();
        for (PartitionParticipant participant : all) {
            if (redeliveries.size() < room) {
                redeliveries.addAll(participant.redeliveries(room - redeliveries.size()));
            }
        }
        return redeliveries;
    }

    @Override
    public boolean isFull() {
        return all.stream().anyMatch(PartitionParticipant::isFull);
    }

    @Override
    public String fullReason() {
        return all.stream()
                .filter(PartitionParticipant::isFull)
                .map(PartitionParticipant::fullReason)
                .collect(Collectors.joining("; and "));
    }

    @Override
    public boolean hasRecords() {
        return all.stream().anyMatch(PartitionParticipant::hasRecords);
    }

    @Override
    public void sent(Settlement settlement) {
        @Nullable Object[] tokens = settlement.token() instanceof Object[] several ? several : null;
        for (int i = 0; i < all.size(); i++) {
            all.get(i).sent(settlement.withToken(tokens == null ? null : tokens[i]));
        }
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records(long offset) {
        return all.stream()
                .flatMap(participant -> participant.records(offset).stream())
                .toList();
    }

    /** Each takes what is its own for its own. */
    @Override
    public void written(ProducerRecord<byte[], byte[]> record, long offset) {
        all.forEach(participant -> participant.written(record, offset));
    }

    @Override
    public void confirmed(long committedOffset, boolean whole) {
        all.forEach(participant -> participant.confirmed(committedOffset, whole));
    }

    @Override
    public void ending() {
        each(all, PartitionParticipant::ending);
    }

    @Override
    public void released() {
        each(all, PartitionParticipant::released);
    }

    /** Each is called, whichever others throw; what the first has thrown comes out. */
    private static <T> void each(List<T> all, Consumer<T> call) {
        @Nullable RuntimeException first = null;
        for (T one : all) {
            try {
                call.accept(one);
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static final class Units implements UnitOfWork {

        private final List<UnitOfWork> all;

        Units(List<UnitOfWork> all) {
            this.all = all;
        }

        @Override
        public Verdict judge(Subject subject) throws Exception {
            @Nullable Object[] tokens = new Object[all.size()];
            for (int i = 0; i < tokens.length; i++) {
                Verdict verdict = all.get(i).judge(subject);
                if (!(verdict instanceof Verdict.Proceed proceed)) {
                    return verdict;
                }
                tokens[i] = proceed.token();
            }
            return new Verdict.Proceed(tokens);
        }

        @Override
        public EventContext context(Subject subject, EventContext context) {
            EventContext result = context;
            for (UnitOfWork unit : all) {
                result = unit.context(subject, result);
            }
            return result;
        }

        @Override
        public Exception failed(Exception thrown) {
            Exception result = thrown;
            for (UnitOfWork unit : all) {
                result = unit.failed(result);
            }
            return result;
        }

        @Override
        public void handled(Subject subject, List<ProducerRecord<byte[], byte[]>> outputs) throws Exception {
            for (UnitOfWork unit : all) {
                unit.handled(subject, outputs);
            }
        }

        @Override
        public void commit() throws Exception {
            for (UnitOfWork unit : all) {
                unit.commit();
            }
        }

        @Override
        public void cancel() {
            each(all, UnitOfWork::cancel);
        }

        @Override
        public void close() throws Exception {
            var failures = new ArrayList<Exception>();
            for (int i = all.size() - 1; i >= 0; i--) {
                try {
                    all.get(i).close();
                } catch (Exception e) {
                    failures.add(e);
                }
            }
            if (!failures.isEmpty()) {
                Exception first = failures.remove(0);
                failures.forEach(first::addSuppressed);
                throw first;
            }
        }
    }
}
