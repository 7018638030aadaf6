package dev.semel.examples.shop.balance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.event.CloudEvents;
import dev.semel.core.event.EventId;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.examples.shop.balance.StockTable.Holding;
import dev.semel.examples.shop.balance.StockTable.Shelf;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.mail.Mail;
import dev.semel.examples.shop.mail.MailLog;
import dev.semel.examples.shop.mail.MailLog.Delivery;
import dev.semel.examples.shop.service.InjectedFailures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * What is there after a run that balances, for tests to spoil: a delivery, two orders of which one asks for too much,
 * an event that nobody can read, discarded, and a cancellation; an order that is paid in two parts, the first of which is told of
 * twice, and one that is paid at once. All lies in partition 0.
 */
final class SmallRun {

    static final ShopNames NAMES = new ShopNames("");
    static final String ORDERS = NAMES.orders();
    static final String RESERVATIONS = NAMES.reservations();
    static final String INVENTORY = NAMES.inventory();
    static final String PAYMENTS = NAMES.payments();
    static final String RECEIPTS = NAMES.receipts();
    static final String CONFIRMATIONS = NAMES.confirmations();
    static final String ORDER_LETTERS = NAMES.orderLetters();
    static final String INVENTORY_LETTERS = NAMES.inventoryLetters();
    static final String PAYMENT_LETTERS = NAMES.paymentLetters();
    static final String CONFIRMATION_LETTERS = NAMES.confirmationLetters();

    private static final int COMMANDS = 6;
    private static final int MOST_SEEDS = 20_000_000;

    private InjectedFailures failures = InjectedFailures.none();
    private final List<Sent> sent = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Delivery> mails = new ArrayList<>();
    private final List<String> misuses = new ArrayList<>();
    private final Map<String, Shelf> shelves = new HashMap<>();
    private final Map<Holding, Long> reserved = new HashMap<>();
    private final Map<TopicPartition, Long> fixedAt = new HashMap<>();
    private final Set<String> redriven = new HashSet<>();
    private final Map<String, String> discarded = new HashMap<>();
    private final List<String> left = new ArrayList<>();
    private long duplicatesCounted = 1;
    private int paymentOffset;

    SmallRun() {
        order(
                "d1",
                "{'type':'DeliveryArrived','deliveryId':'d1','lines':[{'product':'kite','quantity':10},"
                        + "{'product':'lamp','quantity':5}]}");
        order(
                "o1",
                "{'type':'OrderPlaced','orderId':'o1','lines':[{'product':'kite','quantity':3},"
                        + "{'product':'lamp','quantity':2}]}");
        order("o2", "{'type':'OrderPlaced','orderId':'o2','lines':[{'product':'kite','quantity':9}]}");
        order("o3", "{'type':'OrderPlaced','orderId':");
        order("o1", "{'type':'OrderCancelled','orderId':'o1','products':['kite']}");
        put(RESERVATIONS, 0, 1, "{'type':'ReceiveStock','deliveryId':'d1','line':1,'product':'kite','quantity':10}");
        put(RESERVATIONS, 1, 1, "{'type':'ReceiveStock','deliveryId':'d1','line':2,'product':'lamp','quantity':5}");
        put(RESERVATIONS, 2, 2, "{'type':'ReserveStock','orderId':'o1','line':1,'product':'kite','quantity':3}");
        put(RESERVATIONS, 3, 2, "{'type':'ReserveStock','orderId':'o1','line':2,'product':'lamp','quantity':2}");
        put(RESERVATIONS, 4, 3, "{'type':'ReserveStock','orderId':'o2','line':1,'product':'kite','quantity':9}");
        put(RESERVATIONS, 5, 5, "{'type':'ReleaseStock','orderId':'o1','line':1,'product':'kite'}");
        put(INVENTORY, 0, 1, event("StockReceived','deliveryId':'d1", 1, "kite", 10, 10));
        put(INVENTORY, 1, 1, event("StockReceived','deliveryId':'d1", 2, "lamp", 5, 5));
        put(INVENTORY, 2, 2, event("StockReserved','orderId':'o1", 1, "kite", 3, 7));
        put(INVENTORY, 3, 2, event("StockReserved','orderId':'o1", 2, "lamp", 2, 3));
        put(INVENTORY, 4, 3, event("StockRejected','orderId':'o2", 1, "kite", 9, 7));
        put(INVENTORY, 5, 5, event("StockReleased','orderId':'o1", 1, "kite", 3, 10));
        putLetter(ORDER_LETTERS, 0, ORDERS, 3, "deserialization_failed");
        discard(ORDERS, 3, Redrive.UNREADABLE);
        shelf("kite", 10, 3);
        shelf("lamp", 3, 2);
        reserved("lamp", "o1", 2);
        payment("p1", "o1", 500);
        payment("p2", "o1", 200);
        payment("p1", "o1", 500);
        payment("p3", "o2", 100);
        put(RECEIPTS, 0, 6, receipt("p1", "o1", 500));
        put(RECEIPTS, 1, 7, receipt("p2", "o1", 200));
        put(RECEIPTS, 2, 9, receipt("p3", "o2", 100));
        put(CONFIRMATIONS, 0, 6, confirmation("p1", "o1", "mail-1"));
        put(CONFIRMATIONS, 1, 7, confirmation("p2", "o1", "mail-1"));
        put(CONFIRMATIONS, 2, 9, confirmation("p3", "o2", "mail-2"));
        mail("mail-1", "p1", "o1");
        mail("mail-2", "p3", "o2");
    }

    static String receipt(String paymentId, String orderId, long cents) {
        return "{'paymentId':'%s','orderId':'%s','cents':%d}".formatted(paymentId, orderId, cents);
    }

    static String confirmation(String paymentId, String orderId, String mailId) {
        return "{'paymentId':'%s','orderId':'%s','mailId':'%s'}".formatted(paymentId, orderId, mailId);
    }

    private void payment(String paymentId, String orderId, long cents) {
        int number = sent.size() + 1;
        byte[] json = bytes(receipt(paymentId, orderId, cents));
        var input = new Input(number, Input.Kind.PAYMENT, new EventId("test", paymentId), orderId, json);
        sent.add(new Sent(input, Expected.of(input), new RecordPosition(PAYMENTS, 0, paymentOffset)));
        put(PAYMENTS, paymentOffset++, number, receipt(paymentId, orderId, cents), paymentId);
    }

    void shelf(String product, long level, long version) {
        shelves.put(product, new Shelf(level, version));
    }

    void reserved(String product, String orderId, long quantity) {
        reserved.put(new Holding(product, orderId), quantity);
    }

    void mail(String mailId, String paymentId, String orderId) {
        mails.add(new Delivery("key of " + mailId, new Mail(orderId, paymentId, "thanks"), mailId, 0));
    }

    void removeMail(String mailId) {
        mails.removeIf(delivery -> delivery.mailId().equals(mailId));
    }

    void misuse(String key) {
        misuses.add(key);
    }

    void redrive(String originTopic, long originOffset) {
        redriven.add(letterId(originTopic, originOffset));
    }

    void discard(String originTopic, long originOffset, String reason) {
        discarded.put(letterId(originTopic, originOffset), reason);
    }

    void doNotDiscard(String originTopic, long originOffset) {
        discarded.remove(letterId(originTopic, originOffset));
    }

    void leave(String originTopic, long originOffset) {
        left.add(letterId(originTopic, originOffset) + " is OPEN");
    }

    /** Commands from this offset on came when the fault was fixed. */
    void fixAt(long offset) {
        fixedAt.put(new TopicPartition(RESERVATIONS, 0), offset);
    }

    private static String letterId(String originTopic, long originOffset) {
        return "group/" + originTopic + "/0/" + originOffset;
    }

    void countDuplicates(long count) {
        duplicatesCounted = count;
    }

    static String event(String typeAndSubject, int line, String product, long quantity, long level) {
        return "{'type':'%s','line':%d,'product':'%s','quantity':%d,'level':%d}"
                .formatted(typeAndSubject, line, product, quantity, level);
    }

    private void order(String key, String json) {
        int number = sent.size() + 1;
        var input =
                new Input(number, Input.Kind.ORDER, new EventId("test", ORDERS + "-" + (number - 1)), key, bytes(json));
        sent.add(new Sent(input, Expected.of(input), new RecordPosition(ORDERS, 0, number - 1)));
        put(ORDERS, number - 1, number, json);
    }

    /** Puts a record at an offset, in place of the one that is there. */
    void put(String topic, long offset, int input, String json) {
        put(topic, offset, input, json, topic + "-" + offset);
    }

    void put(String topic, long offset, int input, String json, String id) {
        put(
                topic,
                offset,
                bytes(json),
                Map.of(CloudEvents.SOURCE, "test", CloudEvents.ID, id, ShopNames.INPUT_HEADER, "" + input));
    }

    void putLetter(String topic, long offset, String originTopic, long originOffset, String failureClass) {
        put(
                topic,
                offset,
                bytes("whatever"),
                Map.ofEntries(
                        Map.entry(DeadLetter.ID, letterId(originTopic, originOffset)),
                        Map.entry(DeadLetter.GROUP, "group"),
                        Map.entry(DeadLetter.FAILURE, failureClass),
                        Map.entry(DeadLetter.FINGERPRINT, "f"),
                        Map.entry(DeadLetter.TOPIC, originTopic),
                        Map.entry(DeadLetter.PARTITION, "0"),
                        Map.entry(DeadLetter.OFFSET, "" + originOffset),
                        Map.entry(DeadLetter.ATTEMPT, "1"),
                        Map.entry(DeadLetter.FIRST_FAILED_AT, "2026-01-01T00:00:00Z"),
                        Map.entry(DeadLetter.ORIGINAL_TIMESTAMP, "0"),
                        Map.entry(DeadLetter.EXCEPTION, "java.lang.Exception")));
    }

    private void put(String topic, long offset, byte[] value, Map<String, String> headers) {
        remove(topic, offset);
        var recordHeaders = new RecordHeaders();
        headers.forEach((name, text) -> recordHeaders.add(name, bytes(text)));
        records.add(new ConsumerRecord<>(
                topic,
                0,
                offset,
                0L,
                TimestampType.CREATE_TIME,
                -1,
                value.length,
                bytes("key"),
                value,
                recordHeaders,
                Optional.empty()));
    }

    void remove(String topic, long offset) {
        records.removeIf(record -> record.topic().equals(topic) && record.offset() == offset);
    }

    /**
     * The handlers of these events failed until the fault was fixed, and no others: there is a seed for that.
     *
     * @param ids of inputs and commands
     */
    void failFor(String... ids) {
        Set<EventId> wanted = Stream.of(ids).map(id -> new EventId("test", id)).collect(Collectors.toSet());
        failures = new Random(1)
                .longs(MOST_SEEDS)
                .mapToObj(InjectedFailures::seeded)
                .filter(candidate -> wanted.stream().allMatch(id -> isFatal(candidate, id)))
                .filter(candidate ->
                        events().filter(id -> isFatal(candidate, id)).count() == wanted.size())
                .findFirst()
                .orElseThrow();
    }

    private Stream<EventId> events() {
        return Stream.concat(
                        sent.stream().map(one -> one.input().id()),
                        IntStream.range(0, COMMANDS)
                                .mapToObj(offset -> new EventId("test", RESERVATIONS + "-" + offset)))
                .distinct();
    }

    private static boolean isFatal(InjectedFailures failures, EventId event) {
        return event.id().startsWith(RESERVATIONS) ? failures.rarelyForGood().isFatal(event) : failures.isFatal(event);
    }

    Balance balance() {
        var ledger = new Ledger(NAMES);
        var model = new InventoryModel();
        records.stream()
                .sorted(Comparator.comparingLong(ConsumerRecord::offset))
                .forEach(record -> ledger.add(record).ifPresent(model::add));
        var evidence = new Evidence(
                sent,
                ledger,
                model,
                new StockTable(shelves, reserved),
                new MailLog(mails, 0, misuses),
                new Redrive(fixedAt, redriven, discarded, left),
                duplicatesCounted);
        return Balance.of(evidence, failures);
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }
}
