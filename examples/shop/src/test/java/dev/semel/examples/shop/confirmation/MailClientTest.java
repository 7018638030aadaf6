package dev.semel.examples.shop.confirmation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.examples.shop.mail.Mail;
import dev.semel.examples.shop.mail.MailLog.Delivery;
import dev.semel.examples.shop.mail.MailServer;
import dev.semel.examples.shop.mail.MailTroubles;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailClientTest {

    private static final Mail MAIL = new Mail("order käse/7", "p", "thanks");

    private final MailServer server = MailServer.start(MailTroubles.none());
    private final MailClient client = new MailClient(server.address());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aMailGoesOutUnderItsKeyWhateverTheOrderIsCalled() throws Exception {
        String key = ConfirmationService.key(MAIL.orderId());
        String mailId = client.post(key, MAIL);

        assertThat(server.log().deliveries()).containsExactly(new Delivery(key, MAIL, mailId, 0));
        assertThat(key).isEqualTo("order-paid-order+k%C3%A4se%2F7");
    }

    @Test
    void whatTheServerDoesNotTakeIsAnErrorThatSaysWhatItAnswered() throws Exception {
        client.post("key", MAIL);

        assertThatThrownBy(() -> client.post("key", new Mail("other", "p", "thanks")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("422")
                .hasMessageContaining("key key was used for another mail");
    }

    @Test
    void aServerThatIsNotThereIsAnError() {
        var nowhere = new MailClient(URI.create("http://127.0.0.1:1/mails"));

        assertThatThrownBy(() -> nowhere.post("key", MAIL)).isInstanceOf(IOException.class);
    }
}
