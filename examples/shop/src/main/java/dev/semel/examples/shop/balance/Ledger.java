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
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.event.StockCommand;
import java.util.ArrayList;
import java.util.List;
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

    private final ShopNames names;
    private final EventSerde<byte[], byte[]> bytes = EventSerde.of(Serdes.ByteArray(), Serdes.ByteArray());
    private final EventSerde<String, StockCommand> commandJson = StockCommand.JSON;
    private final EventSerde<String, InventoryEvent> eventJson = InventoryEvent.JSON;

    private final List<Entry<byte[]>> orders = new ArrayList<>();
    private final List<Entry<StockCommand>> commands = new ArrayList<>();
    private final List<Entry<InventoryEvent>> events = new ArrayList<>();
    private final List<Letter> orderLetters = new ArrayList<>();
    private final List<Letter> inventoryLetters = new ArrayList<>();
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
     * @param origin the record that could not be handled
     * @param failureClass why
     */
    public record Letter(RecordPosition position, RecordPosition origin, FailureClass failureClass) {}

    /** Takes in a record, and tells the inventory event in it, if it is one. */
    public Optional<InventoryEvent> add(ConsumerRecord<byte[], byte[]> record) {
        try {
            String topic = record.topic();
            if (topic.equals(names.orders())) {
                orders.add(entry(BYTES.read(record, bytes)));
            } else if (topic.equals(names.reservations())) {
                commands.add(entry(COMMANDS.read(record, commandJson)));
            } else if (topic.equals(names.inventory())) {
                Entry<InventoryEvent> entry = entry(EVENTS.read(record, eventJson));
                events.add(entry);
                return Optional.of(entry.value());
            } else if (topic.equals(names.orderLetters())) {
                orderLetters.add(letter(record));
            } else {
                inventoryLetters.add(letter(record));
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

    public List<Letter> orderLetters() {
        return orderLetters;
    }

    public List<Letter> inventoryLetters() {
        return inventoryLetters;
    }

    List<Difference> unreadable() {
        return unreadable;
    }
}
