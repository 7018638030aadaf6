package dev.semel.examples.shop.confirmation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.EventProcessor;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.DeadLetters;
import dev.semel.examples.shop.event.PaymentConfirmed;
import dev.semel.examples.shop.event.PaymentReceived;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.mail.Mail;
import dev.semel.examples.shop.service.ServiceLauncher;
import dev.semel.examples.shop.service.ServiceSettings;
import dev.semel.idempotency.lease.JdbcLeases;
import dev.semel.idempotency.lease.Leases;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thanks the customer of each paid order with one e-mail, also where the order is paid in parts. An e-mail joins no
 * transaction: what keeps it from being sent again is a lease in the database, under a key that names the mail. Whoever
 * gets the lease sends, and leaves there what came of it; whoever comes later finds that.
 *
 * <p>A service that dies while it sends leaves a lease that runs out, and nobody knows whether the mail went out. So
 * the key goes along to the mail server, which knows.
 */
public final class ConfirmationService {

    private static final int HANDLERS = 16;

    /** How long the mails of a service that died have to wait. One that lives renews its leases. */
    private static final Duration LEASE = Duration.ofSeconds(3);

    /** For how long the receipt of an order may come again, in part or in whole. */
    private static final Duration RETENTION = Duration.ofDays(30);

    private final ShopNames names;
    private final Leases leases;
    private final MailClient mails;

    /** @param leases live as long as the process, as their connections do */
    private ConfirmationService(ShopNames names, Leases leases, MailClient mails) {
        this.names = names;
        this.leases = leases;
        this.mails = mails;
    }

    public static void main(String... arguments) {
        ServiceLauncher.launch(arguments, ConfirmationService::processor);
    }

    static EventProcessor<String, PaymentReceived> processor(ServiceSettings settings, DeadLetters letters)
            throws InterruptedException {
        ShopNames names = settings.names();
        Leases leases = JdbcLeases.builder(settings.database().pool(HANDLERS + 1))
                .scope(names.confirmationGroup())
                .retaining(RETENTION)
                .open();
        return new ConfirmationService(names, leases, new MailClient(settings.mailServer()))
                .processor(settings.kafka(), letters);
    }

    private EventProcessor<String, PaymentReceived> processor(Map<String, ?> kafka, DeadLetters letters) {
        return EventProcessor.<String, PaymentReceived>builder()
                .kafka(kafka)
                .group(names.confirmationGroup())
                .instance("confirmations-1")
                .topics(names.receipts())
                .events(PaymentReceived.JSON)
                .concurrency(HANDLERS)
                .participant(letters)
                // A mail server that is busy is asked again for a while.
                .onFailure(RetryPolicy.exponential(Duration.ofMillis(50), Duration.ofSeconds(2))
                        .maxAttempts(10)
                        .thenDeadLetter(names.confirmationLetters()))
                .handler((event, context) -> {
                    PaymentReceived payment = event.value();
                    String mailId = confirm(payment);
                    context.send(
                            names.confirmations(),
                            payment.orderId(),
                            new PaymentConfirmed(payment.paymentId(), payment.orderId(), mailId));
                })
                .build();
    }

    /** The id of the order's mail, which is sent if it was not before. */
    private String confirm(PaymentReceived payment) throws Exception {
        byte @Nullable [] mailId = leases.once(
                key(payment.orderId()),
                LEASE,
                (key, token) -> mails.post(key, mail(payment)).getBytes(UTF_8));
        return new String(Objects.requireNonNull(mailId, "every outcome here is a mail's id"), UTF_8);
    }

    /** Names the mail, for the lease and for the mail server: in ASCII, since it stands in a header. */
    static String key(String orderId) {
        return "order-paid-" + URLEncoder.encode(orderId, UTF_8);
    }

    private static Mail mail(PaymentReceived payment) {
        return new Mail(
                payment.orderId(),
                payment.paymentId(),
                "Thank you: we have received your payment for order " + payment.orderId() + ".");
    }
}
