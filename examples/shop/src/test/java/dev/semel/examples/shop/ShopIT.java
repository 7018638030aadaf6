package dev.semel.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.shop.service.ServiceLauncher;
import dev.semel.testkit.BrokerProcess;
import dev.semel.testkit.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, as a process that starts a broker and two services as processes. */
class ShopIT {

    private static final Duration DEADLINE = Duration.ofSeconds(120);

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
    void balancesAlthoughTheInventoryServiceIsKilled() {
        try (JavaProcess shop = shop("--orders", "500", "--seed", "42")) {
            assertThat(shop.awaitExit(DEADLINE)).as(shop.output()).isEqualTo(Shop.BALANCED);

            String output = shop.output();
            assertThat(output).contains("killed inventory-service (SIGKILL)", "inventory-service is back", "BALANCED:");
            long letters = number(output, "  dead letters");
            assertThat(number(output, "  orders placed")).isBetween(450L, 499L);
            assertThat(number(output, "  orders placed")
                            + number(output, "  orders cancelled")
                            + number(output, "  deliveries arrived")
                            + letters)
                    .isEqualTo(number(output, "Events sent"));
            assertThat(number(output, "  deserialization_failed") + number(output, "  handler_exception"))
                    .isEqualTo(letters);
            assertThat(number(output, "  reserved") + number(output, "  rejected, out of stock"))
                    .isEqualTo(number(output, "Order lines"));
            assertThat(number(output, "  reserved")).isPositive();
            assertThat(number(output, "Duplicates")).isZero();
            assertThat(output.lines().filter(line -> line.matches(" {2}\\S+ +[\\d,]+ = .*")))
                    .hasSize(12 + 1);
        }
    }

    @Test
    void sendsAFileAsItStandsToAClusterThatIsThere() {
        Path sample = Path.of("sample-orders.jsonl").toAbsolutePath();
        try (JavaProcess shop =
                shop("--input", sample.toString(), "--no-kill", "--bootstrap-servers", broker.bootstrapServers())) {
            assertThat(shop.awaitExit(DEADLINE)).as(shop.output()).isEqualTo(Shop.BALANCED);

            String output = shop.output();
            assertThat(output).doesNotContain("killed");
            assertThat(number(output, "Events sent")).isEqualTo(30);
            assertThat(number(output, "  orders placed")).isEqualTo(21);
            assertThat(number(output, "  orders cancelled")).isEqualTo(4);
            assertThat(number(output, "  deliveries arrived")).isEqualTo(4);
            assertThat(number(output, "  deserialization_failed")).isEqualTo(1);
            assertThat(number(output, "  total")).isEqualTo(1);
            assertThat(number(output, "Order lines")).isEqualTo(35);
            // More than there will ever be, whatever comes first.
            assertThat(number(output, "  rejected, out of stock")).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aServiceThatDiesByItselfEndsTheRunWithItsLog() {
        try (JavaProcess shop = shop("--orders", "20000", "--bootstrap-servers", broker.bootstrapServers())) {
            shop.awaitOutput("sending", DEADLINE);
            ProcessHandle.of(shop.pid())
                    .orElseThrow()
                    .children()
                    .filter(child -> commandLine(child).contains("OrderService"))
                    .forEach(ProcessHandle::destroyForcibly);

            assertThat(shop.awaitExit(DEADLINE)).as(shop.output()).isEqualTo(Shop.NOT_FINISHED);
            assertThat(shop.output())
                    .contains("order-service has ended by itself with exit code 137")
                    .contains(directory.toString())
                    .contains("order-service-1.log and ends with:");
        }
    }

    @Test
    void servesItsHealthAndEndsAllThatItStartedWhenItIsStopped() throws Exception {
        try (JavaProcess shop = shop("--orders", "20000", "--bootstrap-servers", broker.bootstrapServers())) {
            shop.awaitOutput("sending", DEADLINE);
            List<ProcessHandle> children =
                    ProcessHandle.of(shop.pid()).orElseThrow().descendants().toList();
            assertThat(children).hasSize(2);
            for (String service : List.of("order-service", "inventory-service")) {
                HttpResponse<String> ready = get(healthAddress(service) + "/ready");
                assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
            }

            shop.stop(DEADLINE);

            assertThat(shop.output()).contains("interrupted");
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        }
    }

    /** Where a service says in its log that its health is served. */
    private String healthAddress(String service) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path log = files.filter(file -> file.getFileName().toString().startsWith(service))
                    .findAny()
                    .orElseThrow();
            Matcher address = Pattern.compile(Pattern.quote(ServiceLauncher.HEALTH) + "(http://\\S+)")
                    .matcher(Files.readString(log));
            assertThat(address.find()).as("an address in %s", log).isTrue();
            return address.group(1);
        }
    }

    private static HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JavaProcess shop(String... arguments) {
        return JavaProcess.of(Shop.class)
                .args("--work-dir", directory.toString())
                .args(arguments)
                .start();
    }

    private static String commandLine(ProcessHandle process) {
        return String.join(" ", process.info().arguments().orElse(new String[0]));
    }

    /** The number behind a name at the start of a line of the table. */
    private static long number(String output, String name) {
        Matcher matcher =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " +([\\d,]+)").matcher(output);
        assertThat(matcher.find()).as("%s in %s", name, output).isTrue();
        return Long.parseLong(matcher.group(1).replace(",", ""));
    }
}
