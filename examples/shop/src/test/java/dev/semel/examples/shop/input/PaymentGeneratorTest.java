package dev.semel.examples.shop.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.semel.core.event.EventId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PaymentGeneratorTest {

    private static final List<Input> ORDERS = OrderGenerator.generate(5, 2000, true);

    @Test
    void theSameSeedGivesTheSamePayments() {
        assertThat(shown(PaymentGenerator.among(ORDERS, 7)))
                .isEqualTo(shown(PaymentGenerator.among(ORDERS, 7)))
                .isNotEqualTo(shown(PaymentGenerator.among(ORDERS, 8)));
    }

    @Test
    void theOrdersStayAsTheyAreAndInTheirOrder() {
        assertThat(PaymentGenerator.among(ORDERS, 1))
                .filteredOn(input -> input.kind() == Input.Kind.ORDER)
                .isEqualTo(ORDERS);
    }

    @Test
    void someArePaidInPartsAndSomePaymentsAreSentTwiceAndSomeThreeTimes() {
        Map<EventId, List<Input>> payments =
                payments(PaymentGenerator.among(ORDERS, 1)).stream().collect(Collectors.groupingBy(Input::id));

        assertThat(payments.size()).isBetween(1100, 1400);
        assertThat(payments.values()).filteredOn(copies -> copies.size() == 2).hasSizeBetween(90, 210);
        assertThat(payments.values()).filteredOn(copies -> copies.size() == 3).hasSizeBetween(30, 100);
        assertThat(payments.values())
                .allSatisfy(copies -> assertThat(copies)
                        .hasSizeLessThanOrEqualTo(3)
                        .extracting(Input::key, copy -> new String(copy.value(), UTF_8))
                        .containsOnly(tuple(
                                copies.get(0).key(), new String(copies.get(0).value(), UTF_8))));
        Map<String, Long> parts = payments.values().stream()
                .collect(Collectors.groupingBy(copies -> copies.get(0).key(), Collectors.counting()));
        assertThat(parts.values()).filteredOn(count -> count == 2).hasSizeBetween(40, 160);
        assertThat(parts.values()).allMatch(count -> count <= 2);
    }

    @Test
    void aPaymentComesAgainAtOnceOrLongAfterAmongOthers() {
        List<Input> payments = payments(PaymentGenerator.among(ORDERS, 1));
        var distances = new ArrayList<Integer>();
        for (int i = 0; i < payments.size(); i++) {
            for (int j = i + 1; j < payments.size(); j++) {
                if (payments.get(i).id().equals(payments.get(j).id())) {
                    distances.add(j - i);
                    break;
                }
            }
        }

        assertThat(distances).anyMatch(distance -> distance == 1).anyMatch(distance -> distance > 200);
    }

    @Test
    void onlyAnOrderThatCouldBeReadAndWasPlacedBeforeIsPaid() throws IOException {
        Set<String> placed = new HashSet<>();
        for (Input input : PaymentGenerator.among(ORDERS, 1)) {
            if (input.kind() == Input.Kind.PAYMENT) {
                assertThat(placed).contains(input.key());
            } else if (input.value().length > 0 && new String(input.value(), UTF_8).endsWith("}")) {
                JsonNode order = new JsonMapper().readTree(input.value());
                placed.add(order.path("orderId").asText());
            }
        }
    }

    @Test
    void numbersNameOneInputEach() {
        assertThat(PaymentGenerator.among(ORDERS, 1)).extracting(Input::number).doesNotHaveDuplicates();
    }

    private static List<Input> payments(List<Input> mixed) {
        return mixed.stream()
                .filter(input -> input.kind() == Input.Kind.PAYMENT)
                .toList();
    }

    private static List<String> shown(List<Input> inputs) {
        return inputs.stream()
                .map(input ->
                        input.number() + " " + input.id() + " " + input.key() + " " + new String(input.value(), UTF_8))
                .toList();
    }
}
