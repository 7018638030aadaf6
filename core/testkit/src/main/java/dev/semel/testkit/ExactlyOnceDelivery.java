package dev.semel.testkit;

import dev.semel.testkit.internal.Findings;
import dev.semel.testkit.internal.IntColumn;
import dev.semel.testkit.internal.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Each input has the outputs that are due, no fewer and no more, or else one dead letter and no output. Nothing is there that was
 * made from no input.
 *
 * <p>Where letters are handled again later, and so have a letter and outputs, leave the letters' topic out of the {@link
 * Guarantees}.
 */
public final class ExactlyOnceDelivery implements Guarantee {

    private final ToIntFunction<ConsumerRecord<byte[], byte[]>> outputsDue;
    private final List<ObservedInput> inputs = new ArrayList<>();
    private final IntColumn due = new IntColumn();
    private final IntColumn outputs = new IntColumn();
    private final IntColumn letters = new IntColumn();
    private final Findings broken = new Findings();

    private ExactlyOnceDelivery(ToIntFunction<ConsumerRecord<byte[], byte[]>> outputsDue) {
        this.outputsDue = outputsDue;
    }

    /**
     * One output for each input.
     *
     * @return a new guarantee, for one run
     */
    public static ExactlyOnceDelivery ofOneOutput() {
        return ofOutputs(input -> 1);
    }

    /**
     * As many outputs as an input says.
     *
     * @param due how many outputs an input has, 0 or more. Called once for each
     * @return a new guarantee, for one run
     */
    public static ExactlyOnceDelivery ofOutputs(ToIntFunction<ConsumerRecord<byte[], byte[]>> due) {
        return new ExactlyOnceDelivery(due);
    }

    @Override
    public void input(ObservedInput input, ConsumerRecord<byte[], byte[]> record) {
        inputs.add(input);
        due.set(input.number(), outputsDue.applyAsInt(record));
    }

    @Override
    public void output(ObservedInput input, ConsumerRecord<byte[], byte[]> output) {
        int number = input.number();
        outputs.add(number, 1);
        if (outputs.get(number) > due.get(number)) {
            broken.add(() -> input + " has " + outputs.get(number) + " outputs where " + due.get(number)
                    + " are due; the last is " + Text.place(output));
        } else if (letters.get(number) > 0) {
            broken.add(() -> input + " has a dead letter and the output " + Text.place(output));
        }
    }

    @Override
    public void letter(ObservedInput input, ConsumerRecord<byte[], byte[]> letter) {
        int number = input.number();
        letters.add(number, 1);
        if (letters.get(number) > 1) {
            broken.add(
                    () -> input + " has " + letters.get(number) + " dead letters; the last is " + Text.place(letter));
        } else if (outputs.get(number) > 0) {
            broken.add(() -> input + " has outputs and the dead letter " + Text.place(letter));
        }
    }

    @Override
    public void unknown(ConsumerRecord<byte[], byte[]> answer) {
        broken.add(() -> Text.place(answer) + " was made from no input that was read");
    }

    @Override
    public Optional<String> violation() {
        return broken.describe("exactly-once delivery is broken");
    }

    @Override
    public Optional<String> missing() {
        Findings lost = new Findings();
        for (ObservedInput input : inputs) {
            int number = input.number();
            if (letters.get(number) == 0 && outputs.get(number) < due.get(number)) {
                lost.add(() -> input + " has " + outputs.get(number) + " of " + due.get(number) + " outputs");
            }
        }
        return lost.describe("exactly-once delivery lacks outputs, for inputs out of " + inputs.size());
    }
}
