package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Settlement;
import dev.semel.dlq.LetterState;
import java.time.InstantSource;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What the fate of a record makes of its letter. Guarded by the lock of its partition. */
final class Outcomes {

    /** The reason of what was resolved without its handler being called. */
    private static final String DUPLICATE = "duplicate: its event had its effect by another record";

    /** How the reason begins of a letter that was not handled, since it is not its turn; that of one that failed never does. */
    private static final String BEHIND = "it waits behind ";

    private static final String FAILED = "it failed again";

    private final KeptSettings settings;
    private final InstantSource clock;

    Outcomes(KeptSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether it was not handled, since it was not its turn. Of what has come to its end the reason is a person's. */
    static boolean isBehind(KeptState end) {
        @Nullable String reason = end.reason();
        return !end.state().isFinal() && reason != null && reason.startsWith(BEHIND);
    }

    /** Whether its handler was not called, since its event had had its effect. */
    static boolean isDuplicate(KeptState end) {
        return DUPLICATE.equals(end.reason());
    }

    /** A record of the source is kept from now on. */
    Change kept(Entry entry, Settlement settlement) {
        ConsumerRecord<byte[], byte[]> record = Objects.requireNonNull(settlement.record(), "record");
        @Nullable ProducerRecord<byte[], byte[]> letter = settlement.letter();
        byte[] bytes = RecordFormat.write(record, letter == null ? null : Fault.message(letter));
        boolean fits = bytes.length <= settings.maxRecordBytes();
        long now = clock.millis();
        KeptState state = switch (settlement.fate()) {
            case LETTERED ->
                automatically(failed(begin(LetterState.OPEN, fits, record, now), letter(settlement), false), now);
            case WAITING -> begin(LetterState.WAITING, fits, record, now);
            case DEFERRED -> deferred(begin(LetterState.DEFERRED, fits, record, now), settlement, now);
            case HANDLED, DUPLICATE, SKIPPED ->
                throw new IllegalArgumentException("nothing is kept of what was " + settlement.fate());
        };
        return new Change(entry, state, fits ? bytes : null);
    }

    private static KeptState begin(
            LetterState as, boolean fits, ConsumerRecord<byte[], byte[]> record, long nowMillis) {
        return KeptState.begin(as, fits, Sequence.ofKey(record.key()), nowMillis);
    }

    /** What was handed in has come to this end. */
    Change ended(Entry entry, Settlement settlement) {
        KeptState before = entry.state();
        long now = clock.millis();
        KeptState after = switch (settlement.fate()) {
            // A person can have copied it from another letter.
            case HANDLED -> before.become(LetterState.RESOLVED, now, isDuplicate(before) ? null : before.reason());
            case DUPLICATE -> before.become(LetterState.RESOLVED, now, DUPLICATE);
            case SKIPPED -> before.become(LetterState.DISCARDED, now, "skipped by the filter or the failure policy");
            case LETTERED -> failedAgain(before, settlement, now);
            // What was due is handed in when nothing is before it any more.
            case WAITING ->
                before.become(before.from(), now, BEHIND + "another of its sequence")
                        .dueAt(before.dueMillis());
            case DEFERRED -> deferred(before.become(LetterState.DEFERRED, now, null), settlement, now);
        };
        return new Change(entry, after, null);
    }

    private KeptState failedAgain(KeptState before, Settlement settlement, long now) {
        ProducerRecord<byte[], byte[]> letter = letter(settlement);
        @Nullable String message = Fault.message(letter);
        KeptState open = failed(before.become(LetterState.OPEN, now, told(message)), letter, before.isLetter());
        @Nullable Fault fault = open.fault();
        boolean mayPark = fault == null || !settings.isForNewReader(fault);
        if (mayPark && open.sameFault() >= settings.sameFault()) {
            return open.become(
                    LetterState.PARKED,
                    now,
                    open.sameFault() + " redrives in a row have failed with the same fault: " + message);
        }
        return automatically(open, now);
    }

    private static String told(@Nullable String message) {
        return message == null ? FAILED : message.startsWith(BEHIND) ? FAILED + ": " + message : message;
    }

    private static KeptState failed(KeptState state, ProducerRecord<byte[], byte[]> letter, boolean wasRedriven) {
        return state.failed(Fault.of(letter), Fault.failedFirst(letter), wasRedriven);
    }

    private static KeptState deferred(KeptState state, Settlement settlement, long now) {
        ProducerRecord<byte[], byte[]> letter = letter(settlement);
        long due = now + Objects.requireNonNull(settlement.delay(), "delay").toMillis();
        return state.deferred(Fault.of(letter), Fault.failedFirst(letter), due);
    }

    private KeptState automatically(KeptState open, long nowMillis) {
        @Nullable Fault fault = open.fault();
        KeptSettings.@Nullable Automatic automatic =
                fault == null ? null : settings.automatic().get(fault.failureClass());
        if (automatic == null || open.attempts() >= automatic.most()) {
            return open;
        }
        double delay = automatic.first().toMillis() * Math.pow(automatic.factor(), open.attempts());
        return open.dueAt(nowMillis + (long) Math.min(delay, KeptSettings.LONGEST_DELAY_MILLIS));
    }

    private static ProducerRecord<byte[], byte[]> letter(Settlement settlement) {
        return Objects.requireNonNull(settlement.letter(), "letter");
    }
}
