package dev.semel.idempotency.internal.marks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A partition without order, of whose records many are of one event, played through at random: attempts that fail, are given up or
 * end late, transactions that abort, outputs that are refused, crashes, and groups that are set back. Whatever happens, an event has
 * its effect at most once among what is committed, and where none of its records became a letter, exactly once.
 *
 * <p>The seed of a failure is in its message; {@code -Dsemel.seed=} repeats it.
 */
class PartitionModelTest {

    private static final int SEEDS = 1_500;
    private static final int MOST_STEPS = 100_000;

    @Test
    void anEventHasItsEffectOnceWhateverHappensToItsRecords() {
        @Nullable Long only = Long.getLong("semel.seed");
        if (only != null) {
            new Play(only).run();
            return;
        }
        for (long seed = 0; seed < SEEDS; seed++) {
            new Play(seed).run();
        }
    }

    private enum State {
        WAITING,
        RUNNING,
        HANDLED,
        DUPLICATE,
        LETTERED
    }

    private static final class Rec {
        private final int offset;
        private final Fingerprint event;
        private State state = State.WAITING;
        private @Nullable Claim claim;

        Rec(int offset, Fingerprint event) {
            this.offset = offset;
            this.event = event;
        }

        boolean isDone() {
            return state != State.WAITING && state != State.RUNNING;
        }
    }

    /** What a broker has of a partition: the committed offset, the packs, and what became of each record when it was committed. */
    private static final class Committed {
        private int offset;
        private final Map<Long, byte[]> packs = new HashMap<>();
        private final List<Fingerprint> effects = new ArrayList<>();
        private final Map<Integer, State> fates = new HashMap<>();
    }

    private static final class Play {

        private final long seed;
        private final Random random;
        private final PackFormat format = new PackFormat("group", "topic", false);
        private final List<Fingerprint> input = new ArrayList<>();
        private final Committed committed = new Committed();
        private final int window;
        private final int trouble;
        private long now = 1_767_225_600_000L;
        private int crashes;

        private Marks marks = new Marks(1, false, 1);
        private Claims claims = new Claims(marks);
        private MarkTransaction transaction = new MarkTransaction(claims, marks);
        private PackNumbers packs = new PackNumbers();
        private List<Rec> inFlight = new ArrayList<>();
        private List<Claim> late = new ArrayList<>();
        private int polled;

        Play(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            int records = 1 + random.nextInt(80);
            int events = 1 + random.nextInt(records);
            for (int i = 0; i < records; i++) {
                input.add(Fingerprint.of("source", "" + random.nextInt(events)));
            }
            window = 1 + random.nextInt(20);
            trouble = random.nextInt(4);
        }

        void run() {
            restart();
            for (int step = 0; committed.offset < input.size(); step++) {
                assertThat(step).as("seed " + seed + ": it comes to an end").isLessThan(MOST_STEPS);
                now += random.nextInt(10);
                while (polled < input.size() && inFlight.size() < window) {
                    inFlight.add(new Rec(polled, input.get(polled)));
                    polled++;
                }
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> begin();
                    case 3, 4, 5 -> end();
                    case 6 -> commit();
                    default -> happens();
                }
            }
            assertOnce();
        }

        private void assertOnce() {
            Map<Fingerprint, Long> effects =
                    committed.effects.stream().collect(Collectors.groupingBy(event -> event, Collectors.counting()));
            for (Fingerprint event : input) {
                long count = effects.getOrDefault(event, 0L);
                assertThat(count).as("seed " + seed + ": effects of " + event).isLessThanOrEqualTo(1);
                assertThat(count > 0 || committed.fates.get(input.lastIndexOf(event)) == State.LETTERED)
                        .as("seed " + seed + ": " + event + " had an effect, or its last record is a letter")
                        .isTrue();
            }
        }

        private @Nullable Rec any(State state) {
            var some = inFlight.stream().filter(rec -> rec.state == state).toList();
            return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
        }

        private void begin() {
            @Nullable Rec rec = any(State.WAITING);
            if (rec == null) {
                return;
            }
            var claim = new Claim(rec.event, PayloadHash.UNKNOWN, rec.offset, now, false);
            switch (claims.claim(claim)) {
                case GRANTED -> {
                    rec.state = State.RUNNING;
                    rec.claim = claim;
                }
                case DUPLICATE -> rec.state = State.DUPLICATE;
                case BUSY -> rec.state = State.WAITING;
                case OTHER_PAYLOAD -> throw new AssertionError("seed " + seed + ": no payload is looked at");
            }
        }

        private void end() {
            @Nullable Rec rec = any(State.RUNNING);
            @Nullable Claim claim = rec == null ? null : rec.claim;
            if (rec == null || claim == null) {
                return;
            }
            switch (random.nextInt(10) < trouble ? random.nextInt(3) : 3) {
                case 0 -> {
                    claims.stalls(claim);
                    rec.state = State.WAITING;
                }
                case 1 -> {
                    claims.stalls(claim);
                    giveUp(rec, random.nextBoolean());
                }
                // Outran its deadline, and goes on.
                case 2 -> {
                    late.add(claim);
                    giveUp(rec, true);
                }
                default -> {
                    claim.handled();
                    claim.complete();
                    rec.state = State.HANDLED;
                }
            }
        }

        private void giveUp(Rec rec, boolean readable) {
            if (readable) {
                claims.drop(rec.offset, rec.event);
            } else {
                claims.drop(rec.offset);
            }
            rec.state = State.LETTERED;
        }

        private void happens() {
            if (!late.isEmpty()) {
                Claim claim = late.remove(random.nextInt(late.size()));
                if (random.nextBoolean()) {
                    claim.handled();
                    claim.complete();
                } else {
                    claims.stalls(claim);
                }
            } else if (random.nextInt(30) < trouble && crashes < 10) {
                crashes++;
                if (random.nextBoolean()) {
                    committed.offset = Math.max(0, committed.offset - random.nextInt(20));
                }
                restart();
            }
        }

        /** The same or another instance goes on from what is committed. */
        private void restart() {
            marks = new Marks(7L * 24 * 3_600_000, false, Long.MAX_VALUE);
            packs = new PackNumbers();
            committed.packs.keySet().stream().sorted().forEach(number -> {
                packs.found(number);
                try {
                    format.read(committed.packs.get(number), time -> marks.at(time, number));
                } catch (UnreadablePackException e) {
                    throw new AssertionError("seed " + seed, e);
                }
            });
            claims = new Claims(marks);
            transaction = new MarkTransaction(claims, marks);
            inFlight = new ArrayList<>();
            late = new ArrayList<>();
            polled = committed.offset;
        }

        private void commit() {
            int released = 0;
            while (released < inFlight.size() && inFlight.get(released).isDone() && random.nextInt(10) > 0) {
                Rec rec = inFlight.get(released);
                if (rec.state == State.DUPLICATE && !claims.isStillDuplicate(rec.offset)) {
                    rec.state = State.WAITING;
                    break;
                }
                transaction.sent(rec.offset, rec.state == State.HANDLED ? rec.claim : null);
                released++;
            }
            if (released == 0) {
                return;
            }
            int offset = inFlight.get(released - 1).offset + 1;
            MarkTime time = transaction.time(now);
            byte[] pack = format.write(time, transaction.claims());
            long number = packs.take(1);
            transaction.close(offset, time, number);
            if (random.nextInt(5) < trouble) {
                transaction.confirmed(committed.offset, false, now);
                Rec any = inFlight.get(random.nextInt(released));
                if (any.state == State.HANDLED && random.nextBoolean()) {
                    // The broker has refused what it sent; nobody is asked.
                    any.state = State.LETTERED;
                }
                return;
            }
            committed.packs.put(number, pack);
            committed.offset = offset;
            for (Rec rec : inFlight.subList(0, released)) {
                committed.fates.put(rec.offset, rec.state);
                if (rec.state == State.HANDLED) {
                    committed.effects.add(rec.event);
                }
            }
            inFlight = new ArrayList<>(inFlight.subList(released, inFlight.size()));
            if (random.nextInt(20) < trouble) {
                // Committed, and the answer never came.
                restart();
            } else {
                transaction.confirmed(offset, true, now);
            }
        }
    }
}
