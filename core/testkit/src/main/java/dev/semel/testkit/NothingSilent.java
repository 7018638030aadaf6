package dev.semel.testkit;

import dev.semel.testkit.internal.Findings;
import dev.semel.testkit.internal.IntColumn;
import dev.semel.testkit.internal.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Each input is answered for in one way: by an output, or by a dead letter in one of the topics named, or because it was declared
 * as skipped. How many outputs there are is {@link ExactlyOnceDelivery}'s; this one also fits processors that may repeat them.
 */
public final class NothingSilent implements Guarantee {

    /**
     * What became of the inputs: {@code in = answered + lettered + skipped + silent}. Each is counted once, as the first that
     * applies.
     *
     * @param in the inputs read
     * @param answered those with an output
     * @param lettered those with a dead letter
     * @param skipped those declared as skipped
     * @param silent those of which nothing is known
     */
    public record Counts(int in, int answered, int lettered, int skipped, int silent) {}

    private enum Fate {
        ANSWERED,
        LETTERED,
        SKIPPED,
        SILENT
    }

    private static final int OUTPUT = 1;
    private static final int LETTER = 2;
    private static final int SKIP = 4;

    private final Predicate<ConsumerRecord<byte[], byte[]>> skips;
    private final Set<String> skippedIds = ConcurrentHashMap.newKeySet();
    private final List<ObservedInput> inputs = new ArrayList<>();
    private final IntColumn fates = new IntColumn();
    private final Findings unknown = new Findings();

    private NothingSilent(Predicate<ConsumerRecord<byte[], byte[]>> skips) {
        this.skips = skips;
    }

    /**
     * Only inputs that the test declares with {@link #skipped} may be without an answer.
     *
     * @return a new guarantee, for one run
     */
    public static NothingSilent unlessDeclared() {
        return skipping(input -> false);
    }

    /**
     * Inputs that a rule names are without an answer, and those declared with {@link #skipped}.
     *
     * @param rule true for an input that is to be skipped. Called once for each
     * @return a new guarantee, for one run
     */
    public static NothingSilent skipping(Predicate<ConsumerRecord<byte[], byte[]>> rule) {
        return new NothingSilent(rule);
    }

    /**
     * Declares an input as skipped, once or more often. Any thread may call it, such as that of a handler.
     *
     * @param id as the {@link RecordIdentity} of the inputs says
     */
    public void skipped(String id) {
        skippedIds.add(id);
    }

    @Override
    public void input(ObservedInput input, ConsumerRecord<byte[], byte[]> record) {
        inputs.add(input);
        fates.set(input.number(), skips.test(record) ? SKIP : 0);
    }

    @Override
    public void output(ObservedInput input, ConsumerRecord<byte[], byte[]> output) {
        fates.set(input.number(), fates.get(input.number()) | OUTPUT);
    }

    @Override
    public void letter(ObservedInput input, ConsumerRecord<byte[], byte[]> letter) {
        fates.set(input.number(), fates.get(input.number()) | LETTER);
    }

    @Override
    public void unknown(ConsumerRecord<byte[], byte[]> answer) {
        unknown.add(() -> Text.place(answer) + " answers no input that was read");
    }

    @Override
    public Optional<String> violation() {
        Findings broken = new Findings(unknown);
        for (ObservedInput input : inputs) {
            int fate = fateBits(input);
            if (Integer.bitCount(fate) > 1) {
                broken.add(() -> input + " has " + describe(fate));
            }
        }
        return broken.describe("inputs are not answered for in one way; " + counts());
    }

    @Override
    public Optional<String> missing() {
        Findings silent = new Findings();
        for (ObservedInput input : inputs) {
            if (fate(input) == Fate.SILENT) {
                silent.add(() -> input + " has neither output nor dead letter and was not declared as skipped");
            }
        }
        return silent.describe("inputs are silent; " + counts());
    }

    /**
     * What became of the inputs that were read.
     *
     * @return the numbers as of the latest check
     */
    public Counts counts() {
        int[] numbers = new int[Fate.values().length];
        for (ObservedInput input : inputs) {
            numbers[fate(input).ordinal()]++;
        }
        return new Counts(
                inputs.size(),
                numbers[Fate.ANSWERED.ordinal()],
                numbers[Fate.LETTERED.ordinal()],
                numbers[Fate.SKIPPED.ordinal()],
                numbers[Fate.SILENT.ordinal()]);
    }

    private int fateBits(ObservedInput input) {
        int bits = fates.get(input.number());
        return skippedIds.contains(input.id()) ? bits | SKIP : bits;
    }

    private Fate fate(ObservedInput input) {
        int bits = fateBits(input);
        if ((bits & OUTPUT) != 0) {
            return Fate.ANSWERED;
        }
        if ((bits & LETTER) != 0) {
            return Fate.LETTERED;
        }
        return bits == 0 ? Fate.SILENT : Fate.SKIPPED;
    }

    private static String describe(int bits) {
        List<String> fates = new ArrayList<>();
        if ((bits & OUTPUT) != 0) {
            fates.add("an output");
        }
        if ((bits & LETTER) != 0) {
            fates.add("a dead letter");
        }
        if ((bits & SKIP) != 0) {
            fates.add("been declared as skipped");
        }
        return String.join(" and has ", fates);
    }
}
