package dev.semel.examples.shop;

import static dev.semel.examples.shop.ShopProcess.number;
import static dev.semel.examples.shop.ShopProcess.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.semel.examples.shop.balance.Ledger;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.testkit.BrokerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, as a process that starts a broker, a database and four services. */
class ShopIT {

    /** The columns of the dead letters. */
    private static final int ORDER = 0;

    private static final int PAYMENT = 2;

    /** As many as the confirmation service has on their way at once. */
    private static final long MOST_IN_FLIGHT = 16;

    /** For runs that are not about having one of their own. */
    private static BrokerProcess broker;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startBroker() {
        broker = BrokerProcess.builder().start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void balancesAlthoughServicesAreKilledAndHandlersFailUntilTheirLettersAreRedriven() {
        // It keeps the topics: the run cannot delete them.
        try (BrokerProcess keeping = BrokerProcess.builder()
                        .property("delete.topic.enable", "false")
                        .start();
                ShopProcess shop = ShopProcess.start(
                        directory,
                        "--orders",
                        "500",
                        "--seed",
                        "42",
                        "--bootstrap-servers",
                        keeping.bootstrapServers())) {
            String output = shop.awaitExit(Shop.BALANCED);

            assertThat(output)
                    .contains("killed inventory-service (SIGKILL)", "inventory-service is back")
                    .contains("killed confirmation-service (SIGKILL)", "confirmation-service is back")
                    .containsPattern("order-service: \\d+ dead letter\\(s\\), \\d+ event\\(s\\) wait behind them")
                    .containsPattern(
                            "  +\\d+  handler_exception +\\p{XDigit}+ .*InjectedFailure, such as order-service-")
                    .contains("the fault is fixed", "BALANCED:");
            long letters = number(output, "  unreadable, discarded");
            assertThat(number(output, "  orders placed")).isBetween(450L, 499L);
            assertThat(number(output, "  orders placed")
                            + number(output, "  orders cancelled")
                            + number(output, "  deliveries arrived")
                            + letters)
                    .isEqualTo(number(output, "Events sent"));
            assertThat(numbers(output, "  deserialization_failed"))
                    .isEqualTo(numbers(output, "  discarded in the end"));
            assertThat(numbers(output, "  handler_exception")).isEqualTo(numbers(output, "  redriven in the end"));
            assertThat(number(output, "  reserved") + number(output, "  rejected, out of stock"))
                    .isEqualTo(number(output, "Order lines"));
            assertThat(number(output, "  reserved")).isPositive();
            assertThat(number(output, "Duplicates")).isZero();
            assertThat(output.lines().filter(line -> line.matches(" {2}\\S+ +[\\d,]+ = .*")))
                    .hasSize(12 + 1);
            assertRedriven(RunTopics.read(keeping.bootstrapServers()), numbers(output, "  redriven in the end"));
        }
    }

    /** In the topics, each event of which the handler failed has had its effect, once. */
    private static void assertRedriven(Ledger ledger, List<Long> told) {
        List<Entry<byte[]>> orders = RunTopics.failed(ledger.orderLetters(), ledger.orders());
        List<Entry<StockCommand>> commands = RunTopics.failed(ledger.inventoryLetters(), ledger.commands());
        List<Entry<byte[]>> payments = RunTopics.failed(ledger.paymentLetters(), ledger.payments());
        assertThat(told).containsExactly((long) orders.size(), (long) commands.size(), (long) payments.size(), 0L);
        assertThat(told.subList(ORDER, PAYMENT + 1)).allMatch(count -> count > 0);
        assertThat(ledger.commands())
                .filteredOn(command -> command.value().line() == 1)
                .extracting(Entry::input)
                .containsOnlyOnceElementsOf(orders.stream().map(Entry::input).toList());
        assertThat(ledger.events())
                .extracting(event -> tuple(event.input(), event.value().line()))
                .containsOnlyOnceElementsOf(commands.stream()
                        .map(command -> tuple(command.input(), command.value().line()))
                        .toList());
        assertThat(ledger.receipts())
                .extracting(Entry::input)
                .containsOnlyOnceElementsOf(payments.stream().map(Entry::input).toList());
    }

    @Test
    void eachPaymentCountsOnceAndEachPaidOrderHasOneMail() {
        try (ShopProcess shop = ShopProcess.start(
                directory, "--orders", "500", "--seed", "7", "--bootstrap-servers", broker.bootstrapServers())) {
            String output = shop.awaitExit(Shop.BALANCED);

            long received = number(output, "  received");
            assertThat(number(output, "  sent again, no effect")).isPositive();
            assertThat(received
                            + number(output, "  sent again, no effect")
                            + numbers(output, "  discarded in the end").get(PAYMENT))
                    .isEqualTo(number(output, "Payments sent"));
            assertThat(number(output, "Payments confirmed")).isEqualTo(received);
            assertThat(number(output, "E-mails sent")).isPositive().isLessThan(received);
            assertThat(number(output, "  refused at first")).isPositive();
            // The key went along: what was on its way when the service was killed, and no more, was asked for again.
            assertThat(number(output, "  asked for again")).isLessThanOrEqualTo(MOST_IN_FLIGHT);
        }
    }

    @Test
    void sendsAFileAsItStandsToAClusterThatIsThereAndLeavesNothingInIt() throws Exception {
        Set<String> topics = topics();
        Path file = directory.resolve("orders.jsonl");
        Files.copy(Path.of("sample-orders.jsonl"), file);
        // The second waits behind the letter of the first, and is one when that is discarded; the third waits for both.
        Files.writeString(file, """
                {"type":"OrderPlaced","orderId":"order-23"}
                {"type":"OrderPlaced","orderId":"order-23","lines":"none"}
                {"type":"OrderPlaced","orderId":"order-23","lines":[{"product":"mug","quantity":1}]}
                """, StandardOpenOption.APPEND);
        try (ShopProcess shop = ShopProcess.start(
                directory, "--input", file.toString(), "--no-kill", "--bootstrap-servers", broker.bootstrapServers())) {
            String output = shop.awaitExit(Shop.BALANCED);

            assertThat(output)
                    .contains("order-service: 2 dead letter(s), 2 event(s) wait behind them")
                    .contains("order-service: redriven 0, discarded 3; 2 event(s) that waited went on")
                    .doesNotContain("killed inventory", "killed confirmation", "the fault is fixed");
            assertThat(number(output, "Events sent")).isEqualTo(33);
            assertThat(number(output, "  orders placed")).isEqualTo(22);
            assertThat(number(output, "  orders cancelled")).isEqualTo(4);
            assertThat(number(output, "  deliveries arrived")).isEqualTo(4);
            assertThat(numbers(output, "  deserialization_failed")).containsExactly(3L, 0L, 0L, 0L);
            assertThat(numbers(output, "  total")).startsWith(3L, 0L, 0L, 0L);
            assertThat(numbers(output, "  discarded in the end")).containsExactly(3L, 0L, 0L, 0L);
            assertThat(number(output, "Order lines")).isEqualTo(36);
            // More than there will ever be, whatever comes first.
            assertThat(number(output, "  rejected, out of stock")).isGreaterThanOrEqualTo(2);
            assertThat(number(output, "Payments sent")).isPositive();
            assertThat(number(output, "  asked for again")).isZero();
            assertThat(topics()).isEqualTo(topics);
        }
    }

    @Test
    void aServiceThatDiesByItselfEndsTheRunWithItsLog() {
        try (ShopProcess shop =
                ShopProcess.start(directory, "--orders", "20000", "--bootstrap-servers", broker.bootstrapServers())) {
            shop.awaitOutput("sending");
            shop.children().stream()
                    .filter(child -> commandLine(child).contains("OrderService"))
                    .forEach(ProcessHandle::destroyForcibly);

            assertThat(shop.awaitExit(Shop.NOT_FINISHED))
                    .contains("order-service has ended by itself with exit code 137")
                    .contains(directory.toString())
                    .contains("order-service-1.log and ends with:");
        }
    }

    @Test
    void servesItsHealthAndEndsAllThatItStartedWhenItIsStopped() throws Exception {
        try (ShopProcess shop =
                ShopProcess.start(directory, "--orders", "20000", "--bootstrap-servers", broker.bootstrapServers())) {
            shop.awaitOutput("sending");
            List<ProcessHandle> children = shop.children();
            assertThat(children).hasSize(4);
            for (String service :
                    List.of("order-service", "inventory-service", "payment-service", "confirmation-service")) {
                assertThat(shop.health(service, "/ready").statusCode()).isEqualTo(200);
            }
            long postgres = Long.parseLong(
                    Files.readAllLines(shop.file("postmaster.pid")).get(0));
            assertThat(ProcessHandle.of(postgres)).isPresent();

            assertThat(shop.stop()).contains("interrupted");

            assertThat(children).noneMatch(ProcessHandle::isAlive);
            // It is told to stop, and has no parent here that would wait for it.
            await().until(() ->
                    ProcessHandle.of(postgres).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    private static Set<String> topics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listTopics().names().get(30, TimeUnit.SECONDS);
        }
    }

    private static String commandLine(ProcessHandle process) {
        return String.join(" ", process.info().arguments().orElse(new String[0]));
    }
}
