package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.JsonEvents;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.DeadLetters;
import dev.semel.dlq.LetterEdit;
import dev.semel.dlq.LetterFilter;
import dev.semel.dlq.LetterRevision;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LetterValidator;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/dead-letters.md shows of edits. */
@KafkaTest(ownCluster = true)
@Timeout(180)
class EditedLettersIT {

    /** An event of a test. */
    public record Shipment(int order, String method) {}

    @Test
    void aLetterThatCannotBeReadIsEditedAndRedriven(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.shipments", "shop.parcels", "shop.shipments.dlq");
        kafka.send("shop.shipments", "a", "{\"order\": 7, \"method\": }");
        kafka.send("shop.shipments", "a", "{\"order\": 8, \"method\": \"express\"}");
        var kept = DeadLetters.builder()
                .acceptEdits(LetterValidator.readBy(JsonEvents.of(Shipment.class)))
                .build();
        try (var processor = EventProcessor.<String, Shipment>builder()
                .kafka(kafka.clientConfig())
                .group("shipping")
                .topics("shop.shipments")
                .events(JsonEvents.of(Shipment.class))
                .onFailure(RetryPolicy.never().thenDeadLetter("shop.shipments.dlq"))
                .participant(kept)
                .handler((event, context) -> context.send("shop.parcels", event.key(), event.value()))
                .build()) {
            processor.start();
            await().atMost(Topics.DEADLINE).until(() -> kept.letters().size() == 2);
            String id = "shipping/shop.shipments/0/0";
            // tag::edit-letter[]
            try (var letters = DeadLetterReprocessor.builder(kafka.clientConfig(), "shop.shipments.dlq")
                    .actor("ann")
                    .edits(LetterValidator.readBy(JsonEvents.of(Shipment.class)))
                    .open()) {
                LetterEdit edit = LetterEdit.because("the method was missing")
                        .withValue("{\"order\": 7, \"method\": \"standard\"}".getBytes(UTF_8));
                LetterRevision planned = letters.planEdit(id, edit); // before and after; writes nothing
                LetterRevision edited = letters.edit(id, edit);
                letters.select(LetterFilter.id(edited.id())).redrive();
                // end::edit-letter[]
                assertThat(edited.id()).isEqualTo(planned.id()).isEqualTo(id + "~1");
                assertThat(letters.list(LetterFilter.all(), 9))
                        .allSatisfy(letter -> assertThat(letter.state()).isEqualTo(LetterState.RESOLVED))
                        .hasSize(2);
            }
            List<String> parcels = Topics.values(kafka.readCommitted("shop.parcels", 2, Topics.DEADLINE));
            assertThat(parcels.get(0)).contains("7", "standard");
            assertThat(parcels.get(1)).contains("8", "express");
        }
    }
}
