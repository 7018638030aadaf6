package dev.semel.examples.shop.payment;

import dev.semel.core.EventProcessor;
import dev.semel.dlq.DeadLetters;
import dev.semel.examples.shop.event.PaymentMade;
import dev.semel.examples.shop.event.PaymentReceived;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.service.ServiceLauncher;
import dev.semel.examples.shop.service.ServiceSettings;
import dev.semel.idempotency.Idempotency;
import dev.semel.idempotency.KafkaIdempotencyStore;
import java.time.Duration;

/**
 * Books payments. The provider sends an event again where it is not sure that it was received, so the service keeps in
 * Kafka which it has booked: in the transaction that carries what it sent for them. A payment that comes again is
 * passed over.
 */
public final class PaymentService {

    /** The longest for which the provider may come back to a payment, and an operator to a dead letter. */
    private static final Duration RETENTION = Duration.ofDays(7);

    private PaymentService() {}

    public static void main(String... arguments) {
        ServiceLauncher.launch(arguments, PaymentService::processor);
    }

    static EventProcessor<String, PaymentMade> processor(ServiceSettings settings, DeadLetters letters) {
        ShopNames names = settings.names();
        return EventProcessor.<String, PaymentMade>builder()
                .kafka(settings.kafka())
                .group(names.paymentGroup())
                .instance("payments-1")
                .topics(names.payments())
                .events(PaymentMade.JSON)
                .participant(Idempotency.with(
                        KafkaIdempotencyStore.retaining(RETENTION).deadLettersRedrivenWithin(RETENTION)))
                .participant(letters)
                .onFailure(settings.retriesThenLetter(names.paymentLetters()))
                .handler((event, context) -> {
                    PaymentMade payment = event.value();
                    var received = new PaymentReceived(payment.paymentId(), payment.orderId(), payment.cents());
                    context.send(names.receipts(), payment.orderId(), received);
                    settings.failures().strike(event.id(), context.attempt());
                })
                .build();
    }
}
