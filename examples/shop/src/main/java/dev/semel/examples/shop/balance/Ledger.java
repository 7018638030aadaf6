package dev.semel.examples.shop.balance;

import dev.semel.core.event.CloudEvents;
import dev.semel.core.event.Event;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventId;
import dev.semel.core.event.EventSerde;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.PaymentConfirmed;
import dev.semel.examples.shop.event.PaymentReceived;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.event.StockCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * All that a run's topics hold at {@code read_committed}, within each partition in the order of the offsets. What
 * cannot be read is kept as a difference, since only the services write there.
 *
 * <p>Filled by one thread, and read when that has ended.
 */
public final class Ledger {

    private static final EventAttributes<byte[]> BYTES = EventAttributes.cloudEvents();
    private static final EventAttributes<StockCommand> COMMANDS = EventAttributes.cloudEvents();
    private static final EventAttributes<InventoryEvent> EVENTS = EventAttributes.cloudEvents();
    private static final EventAttributes<PaymentReceived> RECEIPTS = EventAttributes.cloudEvents();
    private static final EventAttributes<PaymentConfirmed> CONFIRMATIONS = EventAttributes.cloudEvents();

    private final ShopNames names;
    private final EventSerde<byte[], byte[]> bytes = EventSerde.of(Serdes.ByteArray(), Serdes.ByteArray());

    private final List<Entry<byte[]>> orders = new ArrayList<>();
    private final List<Entry<StockCommand>> commands = new ArrayList<>();
    private final List<Entry<InventoryEvent>> events = new ArrayList<>();
    private final List<Entry<byte[]>> payments = new ArrayList<>();
    private final List<Entry<PaymentReceived>> receipts = new ArrayList<>();
    private final List<Entry<PaymentConfirmed>> confirmations = new ArrayList<>();
    private final Map<String, List<Letter>> letters = new HashMap<>();
    private final List<Difference> unreadable = new ArrayList<>();

    public Ledger(ShopNames names) {
        this.names = names;
    }

    /**
     * A record of one of the topics between the services.
     *
     * @param position where it lies
     * @param id the identity of its event
     * @param input the number of the input from which it follows; 0 where it does not say
     * @param value what it says
     * @param <T> the type of that
     */
    public record Entry<T>(RecordPosition position, EventId id, int input, T value) {}

    /**
     * A dead letter.
     *
     * @param position where it lies
     * @param id names it, in its service too
     * @param origin the record that could not be handled
     * @param failureClass why
     */
    public record Letter(RecordPosition position, String id, RecordPosition origin, FailureClass failureClass) {}

    /** Takes in a record, and tells the inventory event in it, if it is one. */
    public Optional<InventoryEvent> add(ConsumerRecord<byte[], byte[]> record) {
        try {
            String topic = record.topic();
            if (topic.equals(names.orders())) {
                orders.add(entry(BYTES.read(record, bytes)));
            } else if (topic.equals(names.reservations())) {
                commands.add(entry(COMMANDS.read(record, StockCommand.JSON)));
            } else if (topic.equals(names.inventory())) {
                Entry<InventoryEvent> entry = entry(EVENTS.read(record, InventoryEvent.JSON));
                events.add(entry);
                return Optional.of(entry.value());
            } else if (topic.equals(names.payments())) {
                payments.add(entry(BYTES.read(record, bytes)));
            } else if (topic.equals(names.receipts())) {
                receipts.add(entry(RECEIPTS.read(record, PaymentReceived.JSON)));
            } else if (topic.equals(names.confirmations())) {
                confirmations.add(entry(CONFIRMATIONS.read(record, PaymentConfirmed.JSON)));
            } else {
                Letter letter = letter(record);
                letters.computeIfAbsent(topic, first -> new ArrayList<>()).add(letter);
            }
        } catch (Exception e) {
            unreadable.add(new Difference("record " + position(record), "one that can be read", e.toString()));
        }
        return Optional.empty();
    }

    private static <T> Entry<T> entry(Event<?, T> event) {
        return new Entry<>(event.position(), event.id(), input(event.headers()), event.value());
    }

    private static int input(Headers headers) {
        @Nullable String number = CloudEvents.text(headers, ShopNames.INPUT_HEADER);
        return number == null ? 0 : Integer.parseInt(number);
    }

    private static Letter letter(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = DeadLetter.of(record).orElseThrow(() -> new IllegalArgumentException("no dead letter"));
        return new Letter(
                position(record),
                letter.id(),
                new RecordPosition(letter.origin().topic(), letter.origin().partition(), letter.offset()),
                letter.failureClass());
    }

    private static RecordPosition position(ConsumerRecord<?, ?> record) {
        return new RecordPosition(record.topic(), record.partition(), record.offset());
    }

    public List<Entry<byte[]>> orders() {
        return orders;
    }

    public List<Entry<StockCommand>> commands() {
        return commands;
    }

    public List<Entry<InventoryEvent>> events() {
        return events;
    }

    public List<Entry<byte[]>> payments() {
        return payments;
    }

    public List<Entry<PaymentReceived>> receipts() {
        return receipts;
    }

    public List<Entry<PaymentConfirmed>> confirmations() {
        return confirmations;
    }

    public List<Letter> orderLetters() {
        return letters(names.orderLetters());
    }

    public List<Letter> inventoryLetters() {
        return letters(names.inventoryLetters());
    }

    public List<Letter> paymentLetters() {
        return letters(names.paymentLetters());
    }

    public List<Letter> confirmationLetters() {
        return letters(names.confirmationLetters());
    }

    private List<Letter> letters(String topic) {
        return letters.getOrDefault(topic, List.of());
    }

    List<Difference> unreadable() {
        return unreadable;
    }
}
