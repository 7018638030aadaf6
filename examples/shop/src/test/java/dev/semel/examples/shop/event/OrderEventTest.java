package dev.semel.examples.shop.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.event.RawEvent;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.examples.shop.event.OrderEvent.DeliveryArrived;
import dev.semel.examples.shop.event.OrderEvent.OrderCancelled;
import dev.semel.examples.shop.event.OrderEvent.OrderPlaced;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderEventTest {

    @Test
    void readsEachTypeAndIgnoresWhatItDoesNotKnow() throws Exception {
        assertThat(
                        read(
                                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'p','quantity':2,'price':1.5}],'x':[]}"))
                .isEqualTo(new OrderPlaced("o", List.of(new OrderLine("p", 2))));
        assertThat(read("{'orderId':'o','products':['p','q'],'type':'OrderCancelled'}"))
                .isEqualTo(new OrderCancelled("o", List.of("p", "q")));
        assertThat(read("{'type':'DeliveryArrived','deliveryId':'d','lines':[{'product':'p','quantity':2}]}"))
                .isEqualTo(new DeliveryArrived("d", List.of(new OrderLine("p", 2))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{'type':'OrderPlaced'}",
                "{'type':'Unheard','orderId':'o'}",
                "{'orderId':'o','lines':[{'product':'p','quantity':1}]}",
                "{'type':'OrderPlaced','orderId':null,'lines':[{'product':'p','quantity':1}]}",
                "{'type':'OrderPlaced','orderId':'  ','lines':[{'product':'p','quantity':1}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[null]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'p','quantity':0}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'p','quantity':-3}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'p','quantity':1.5}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'p','quantity':'1'}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'p','quantity':99999999999}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'quantity':1}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'a\\u001bb','quantity':1}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'\\ud800','quantity':1}]}",
                "{'type':'OrderPlaced','orderId':'o','lines':[{'product':'p','quantity':1}]} and more",
                "{'type':'OrderPlaced','orderId':17,'lines':[{'product':'p','quantity':1}]}",
                "{'type':'OrderCancelled','orderId':'o','products':['']}",
                "{'type':'OrderCancelled','orderId':'o','products':[7]}"
            })
    void refusesWhatIsNoEvent(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(UnreadableEventException.class);
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThatThrownBy(() -> read("{'type':'OrderCancelled','orderId':'" + "x".repeat(101) + "','products':['p']}"))
                .isInstanceOf(UnreadableEventException.class);
    }

    private static OrderEvent read(String json) throws Exception {
        byte[] value = json.replace('\'', '"').getBytes(UTF_8);
        return OrderEvent.JSON.readValue(new RawEvent(new ConsumerRecord<>("orders", 0, 0, null, value), null, 1));
    }
}
