package dev.semel.examples.shop.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.semel.core.event.EventId;
import dev.semel.core.event.RawEvent;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.examples.shop.event.OrderEvent;
import dev.semel.examples.shop.event.OrderEvent.OrderPlaced;
import dev.semel.examples.shop.event.PaymentMade;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes up what the customers pay, and a payment provider that repeats itself: some payments are sent twice, some three
 * times, at once or long after, among others. The same seed gives the same payments.
 */
public final class PaymentGenerator {

    private static final int PAID_PERCENT = 60;
    private static final int PAID_IN_PARTS_PERCENT = 8;
    private static final int SENT_TWICE_PERCENT = 12;
    private static final int SENT_THREE_TIMES_PERCENT = 5;
    private static final int LATEST_PAYMENT = 20;
    private static final int LATEST_REPETITION = 600;
    private static final int MOST_CENTS = 20_000;

    private static final JsonMapper JSON = new JsonMapper();

    private final Random random;
    private final List<Input> mixed = new ArrayList<>();
    private final Queue<Due> due = new PriorityQueue<>(Comparator.comparingInt(Due::after)
            .thenComparingInt(one -> one.payment().number()));
    private int number;
    private int payments;

    /** A payment that is sent when so many orders have been. */
    private record Due(int after, Input payment) {}

    private PaymentGenerator(long seed, int firstNumber) {
        // Not the orders' numbers once more.
        this.random = new Random(~seed);
        this.number = firstNumber;
    }

    /** The orders, which stay as they are, and among them the payments that are made for them. */
    public static List<Input> among(List<Input> orders, long seed) {
        var generator = new PaymentGenerator(seed, orders.size() + 1);
        for (int i = 0; i < orders.size(); i++) {
            generator.mixed.add(orders.get(i));
            int sent = i + 1;
            placed(orders.get(i)).ifPresent(order -> generator.pay(order.orderId(), sent));
            generator.sendWhatIsDue(sent);
        }
        generator.sendWhatIsDue(Integer.MAX_VALUE);
        return generator.mixed;
    }

    private static Optional<OrderPlaced> placed(Input order) {
        try {
            OrderEvent event = OrderEvent.JSON.readValue(
                    new RawEvent(new ConsumerRecord<>("input", 0, 0, null, order.value()), null, 1));
            return event instanceof OrderPlaced placed ? Optional.of(placed) : Optional.empty();
        } catch (UnreadableEventException e) {
            // Nobody pays for what nobody could read.
            return Optional.empty();
        } catch (Exception e) {
            throw new IllegalStateException("reading an event failed otherwise than it may", e);
        }
    }

    private void pay(String orderId, int sent) {
        if (!percent(PAID_PERCENT)) {
            return;
        }
        int parts = percent(PAID_IN_PARTS_PERCENT) ? 2 : 1;
        for (int part = 0; part < parts; part++) {
            String paymentId = "payment-%06d".formatted(++payments);
            byte[] value = json(new PaymentMade(paymentId, orderId, 1 + random.nextInt(MOST_CENTS)));
            int copies = copies();
            int after = sent + random.nextInt(LATEST_PAYMENT);
            for (int copy = 0; copy < copies; copy++) {
                due.add(new Due(
                        after,
                        new Input(
                                number++,
                                Input.Kind.PAYMENT,
                                new EventId("payment-provider", paymentId),
                                orderId,
                                value)));
                after += random.nextBoolean() ? 0 : random.nextInt(LATEST_REPETITION);
            }
        }
    }

    private int copies() {
        int draw = random.nextInt(100);
        if (draw < SENT_THREE_TIMES_PERCENT) {
            return 3;
        }
        return draw < SENT_THREE_TIMES_PERCENT + SENT_TWICE_PERCENT ? 2 : 1;
    }

    private void sendWhatIsDue(int sent) {
        while (!due.isEmpty() && due.element().after() <= sent) {
            mixed.add(due.remove().payment());
        }
    }

    private boolean percent(int share) {
        return random.nextInt(100) < share;
    }

    private static byte[] json(PaymentMade payment) {
        try {
            return JSON.writeValueAsBytes(payment);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event of ours cannot be written: " + payment, e);
        }
    }
}
