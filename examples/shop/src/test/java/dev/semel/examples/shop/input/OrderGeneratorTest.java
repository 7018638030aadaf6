package dev.semel.examples.shop.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.event.RawEvent;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.examples.shop.event.OrderEvent;
import dev.semel.examples.shop.event.OrderEvent.DeliveryArrived;
import dev.semel.examples.shop.event.OrderEvent.OrderCancelled;
import dev.semel.examples.shop.event.OrderEvent.OrderPlaced;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class OrderGeneratorTest {

    @Test
    void theSameSeedGivesTheSameInputs() {
        assertThat(shown(OrderGenerator.generate(7, 500, true)))
                .isEqualTo(shown(OrderGenerator.generate(7, 500, true)))
                .isNotEqualTo(shown(OrderGenerator.generate(8, 500, true)));
    }

    @Test
    void generatesAsManyOrdersAsAskedForAndWhatGoesWithThem() throws Exception {
        List<OrderEvent> events = new ArrayList<>();
        for (Input input : OrderGenerator.generate(1, 500, false)) {
            events.add(read(input));
        }

        assertThat(events).filteredOn(OrderPlaced.class::isInstance).hasSize(500);
        assertThat(events).filteredOn(OrderCancelled.class::isInstance).hasSizeBetween(10, 60);
        assertThat(events).filteredOn(DeliveryArrived.class::isInstance).hasSize(1 + 500 / 25);
    }

    @Test
    void cancelsOnlyWhatWasOrderedBefore() throws Exception {
        List<OrderEvent> before = new ArrayList<>();
        for (Input input : OrderGenerator.generate(1, 500, false)) {
            OrderEvent event = read(input);
            if (event instanceof OrderCancelled cancelled) {
                assertThat(before)
                        .filteredOn(earlier -> earlier instanceof OrderPlaced placed
                                && placed.orderId().equals(cancelled.orderId()))
                        .hasSize(1);
            }
            before.add(event);
        }
    }

    @Test
    void aFewOrdersCannotBeReadForVariousReasons() {
        List<String> faults = new ArrayList<>();
        for (Input input : OrderGenerator.generate(1, 5000, true)) {
            try {
                read(input);
            } catch (UnreadableEventException e) {
                faults.add(e.fault());
            } catch (Exception e) {
                throw new AssertionError("unreadable otherwise than it may be", e);
            }
        }

        assertThat(faults).hasSizeBetween(50, 150);
        assertThat(faults.stream().distinct()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void numbersAndIdentitiesNameOneInputEach() {
        List<Input> inputs = OrderGenerator.generate(3, 300, true);

        assertThat(inputs)
                .extracting(Input::number)
                .isEqualTo(IntStream.rangeClosed(1, inputs.size()).boxed().toList());
        assertThat(inputs).extracting(Input::id).doesNotHaveDuplicates();
    }

    private static OrderEvent read(Input input) throws Exception {
        return OrderEvent.JSON.readValue(
                new RawEvent(new ConsumerRecord<>("orders", 0, 0, null, input.value()), null, 1));
    }

    private static List<String> shown(List<Input> inputs) {
        return inputs.stream()
                .map(input -> input.id() + " " + input.key() + " " + new String(input.value(), UTF_8))
                .toList();
    }
}
