package dev.semel.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventId;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import java.io.IOException;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** By what events are known. */
class IdentityRulesTest {

    private static final Uuid TOPIC = Uuid.randomUuid();

    private final IdentityRules standard = IdentityRules.standard();

    @Test
    void itsSourceAndIdNameAnEvent() throws Exception {
        assertThat(standard.identify(Events.event(7, "o-1", "v"), TOPIC))
                .isEqualTo(new EventId("order-service", "o-1"));
        assertThat(standard.comparesPayloads()).isFalse();
    }

    @Test
    void anEventWithoutAnIdIsKnownByItsPositionInItsTopicAsItIsNow() throws Exception {
        Event<String, String> event = Events.event(7, null, "v");
        assertThat(standard.identify(event, TOPIC)).isEqualTo(new EventId("kafka:" + TOPIC, "2-7"));
        assertThat(standard.identify(event, Uuid.randomUuid()))
                .as("deleted and made again")
                .isNotEqualTo(standard.identify(event, TOPIC));
        assertThat(standard.identify(Events.event(8, null, "v"), TOPIC)).isNotEqualTo(standard.identify(event, TOPIC));
    }

    @Test
    void orItIsRejected() {
        var rules = standard.withMissingId(MissingId.REJECT);
        assertThatThrownBy(() -> rules.identify(Events.event(7, null, "v"), TOPIC))
                .isInstanceOfSatisfying(
                        EventRejectedException.class,
                        rejected -> assertThat(rejected.failureClass()).isEqualTo(FailureClass.MISSING_ID))
                .hasMessageContaining("orders-2@7 has no id")
                .hasMessageContaining("ce_id")
                .hasMessageContaining("MissingId.POSITION");
    }

    @Test
    void aKeyStandsForSourceAndId() throws Exception {
        var rules =
                standard.withKey((KeyExtractor<String, String>) Event::value).withMissingId(MissingId.REJECT);
        EventId identity = rules.identify(Events.event(7, "o-1", "payment 4711"), TOPIC);
        assertThat(rules.identify(Events.event(8, "o-2", "payment 4711"), TOPIC))
                .isEqualTo(identity);
        assertThat(rules.identify(Events.event(9, null, "payment 4711"), TOPIC)).isEqualTo(identity);
        assertThat(rules.identify(Events.event(7, "o-1", "payment 4712"), TOPIC))
                .isNotEqualTo(identity);
    }

    @Test
    void anEventWithoutAKeyIsOneWithoutAnId() throws Exception {
        var rules = standard.withKey(
                (KeyExtractor<String, String>) event -> event.value().isEmpty() ? "" : null);
        for (String value : new String[] {"", "v"}) {
            Event<String, String> event = Events.event(7, "o-1", value);
            assertThat(rules.identify(event, TOPIC)).isEqualTo(new EventId("kafka:" + TOPIC, "2-7"));
            assertThatThrownBy(() -> rules.withMissingId(MissingId.REJECT).identify(event, TOPIC))
                    .hasMessageContaining("has no key");
        }
    }

    @Test
    void whatAnExtractorThrowsFailsTheAttempt() {
        var rules = standard.withKey((KeyExtractor<String, String>) event -> {
            throw new IOException("no schema");
        });
        assertThatThrownBy(() -> rules.identify(Events.event(7, "o-1", "v"), TOPIC))
                .isInstanceOf(IOException.class)
                .hasMessage("no schema");
    }
}
