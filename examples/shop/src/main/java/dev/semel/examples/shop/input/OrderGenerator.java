package dev.semel.examples.shop.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.semel.core.event.EventId;
import dev.semel.examples.shop.event.OrderEvent;
import dev.semel.examples.shop.event.OrderEvent.DeliveryArrived;
import dev.semel.examples.shop.event.OrderEvent.OrderCancelled;
import dev.semel.examples.shop.event.OrderEvent.OrderPlaced;
import dev.semel.examples.shop.event.OrderLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Makes up a shop's day: goods arrive, customers order a little more than that, and some think better of it. The same
 * seed gives the same day.
 */
public final class OrderGenerator {

    private static final List<String> PRODUCTS = List.of(
            "alarm-clock",
            "bird-feeder",
            "cake-stand",
            "desk-lamp",
            "egg-timer",
            "flower-press",
            "garden-gnome",
            "hot-water-bottle",
            "ink-stamp",
            "jam-jar",
            "kite",
            "lunch-box");

    private static final int OPENING_STOCK = 30;
    private static final int MOST_LINES = 4;
    private static final int MOST_UNITS = 5;
    private static final int ORDERS_PER_DELIVERY = 25;
    private static final int PRODUCTS_PER_DELIVERY = 4;
    private static final int MOST_UNITS_DELIVERED = 90;
    private static final int CANCELLED_PERCENT = 6;
    private static final int UNREADABLE_PERCENT = 2;
    private static final int RECENT_ORDERS = 20;

    private static final JsonMapper JSON = new JsonMapper();

    /** {@code java.util.Random}, since its algorithm is the same in every Java. */
    private final Random random;

    private final boolean withUnreadable;
    private final List<Input> inputs = new ArrayList<>();
    private final Deque<OrderPlaced> recent = new ArrayDeque<>();
    private int orders;
    private int deliveries;
    private int productsDelivered;

    private OrderGenerator(long seed, boolean withUnreadable) {
        this.random = new Random(seed);
        this.withUnreadable = withUnreadable;
    }

    /**
     * Makes up this many orders, and the deliveries and cancellations that go with them.
     *
     * @param withUnreadable whether some of the orders are to be events that nobody can read
     */
    public static List<Input> generate(long seed, int orders, boolean withUnreadable) {
        var generator = new OrderGenerator(seed, withUnreadable);
        generator.deliver(PRODUCTS.stream().map(product -> new OrderLine(product, OPENING_STOCK)));
        while (generator.orders < orders) {
            generator.order();
        }
        return generator.inputs;
    }

    private void order() {
        String orderId = "order-%06d".formatted(++orders);
        var placed = new OrderPlaced(orderId, lines());
        if (withUnreadable && percent(UNREADABLE_PERCENT)) {
            add(orderId, "placed", unreadable(placed));
        } else {
            add(orderId, "placed", json(placed));
            remember(placed);
        }
        if (!recent.isEmpty() && percent(CANCELLED_PERCENT)) {
            cancel(recent.removeFirst());
        }
        if (orders % ORDERS_PER_DELIVERY == 0) {
            deliver(Stream.generate(this::delivered).limit(PRODUCTS_PER_DELIVERY));
        }
    }

    /**
     * Of the orders that can still be cancelled the eldest of a few, so that not all are cancelled right after they
     * came.
     */
    private void remember(OrderPlaced placed) {
        recent.addLast(placed);
        if (recent.size() > 1 + random.nextInt(RECENT_ORDERS)) {
            recent.removeFirst();
        }
    }

    private void cancel(OrderPlaced placed) {
        List<String> products =
                placed.lines().stream().map(OrderLine::product).distinct().toList();
        int dropped = random.nextInt(3) == 0 ? 1 : products.size();
        add(placed.orderId(), "cancelled", json(new OrderCancelled(placed.orderId(), products.subList(0, dropped))));
    }

    private void deliver(Stream<OrderLine> lines) {
        String deliveryId = "delivery-%04d".formatted(++deliveries);
        add(deliveryId, "arrived", json(new DeliveryArrived(deliveryId, lines.toList())));
    }

    /** Products take turns. */
    private OrderLine delivered() {
        String product = PRODUCTS.get(productsDelivered++ % PRODUCTS.size());
        return new OrderLine(product, 1 + random.nextInt(MOST_UNITS_DELIVERED));
    }

    private List<OrderLine> lines() {
        var products = new ArrayList<>(PRODUCTS);
        Collections.shuffle(products, random);
        return products.stream()
                .limit(1 + random.nextInt(MOST_LINES))
                .map(product -> new OrderLine(product, 1 + random.nextInt(MOST_UNITS)))
                .toList();
    }

    /** The order as it would be written by somebody who got it wrong, in one of four ways. */
    private byte[] unreadable(OrderPlaced placed) {
        byte[] json = json(placed);
        String text = new String(json, UTF_8);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(json, json.length / 2);
            case 1 ->
                text.replace("\"orderId\":\"" + placed.orderId() + "\",", "").getBytes(UTF_8);
            case 2 ->
                text.replaceFirst("\"quantity\":(\\d+)", "\"quantity\":\"$1 pieces\"")
                        .getBytes(UTF_8);
            default -> new byte[0];
        };
    }

    private boolean percent(int share) {
        return random.nextInt(100) < share;
    }

    private void add(String key, String what, byte[] value) {
        inputs.add(new Input(
                inputs.size() + 1, Input.Kind.ORDER, new EventId("shop-generator", key + "-" + what), key, value));
    }

    private static byte[] json(OrderEvent event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event of ours cannot be written: " + event, e);
        }
    }
}
