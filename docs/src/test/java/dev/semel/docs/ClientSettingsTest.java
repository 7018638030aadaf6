package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.ConfigurationException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules for settings of the Kafka clients in docs/processor.md are those that a builder keeps. */
class ClientSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "enable.auto.commit, true",
        "isolation.level, read_uncommitted",
        "auto.offset.reset, earliest",
        "group.id, other",
        "group.instance.id, other",
        "key.deserializer, some.Class",
        "value.deserializer, some.Class",
        "key.serializer, some.Class",
        "value.serializer, some.Class",
        "transactional.id, other",
        "enable.idempotence, false",
        "acks, 1",
        "transaction.two.phase.commit.enable, true",
        "transaction.timeout.ms, 300000",
        "max.block.ms, 5001"
    })
    void aSettingThatBreaksARuleOfTheTableIsRefused(String setting, String value) {
        assertThat(Page.read("docs/processor.md").firstColumn("Settings of the Kafka clients"))
                .contains(setting);
        assertThatThrownBy(() -> build(Map.of(setting, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(setting)
                .hasMessageContaining(value);
    }

    @Test
    void whatTheTableAllowsIsTaken() {
        assertThatCode(() -> build(Map.of(
                        "enable.auto.commit",
                        false,
                        "isolation.level",
                        "read_committed",
                        "enable.idempotence",
                        true,
                        "acks",
                        "-1",
                        "transaction.timeout.ms",
                        60_000,
                        "max.block.ms",
                        5_000,
                        "group.protocol",
                        "consumer",
                        "metric.reporters",
                        "")))
                .doesNotThrowAnyException();
    }

    @Test
    void bootstrapServersAreRequired() {
        assertThatThrownBy(() -> EventProcessor.<String, String>builder()
                        .group("group")
                        .topics("topic")
                        .events(EventSerde.of(Serdes.String(), Serdes.String()))
                        .handler((event, context) -> {})
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bootstrap.servers is missing");
    }

    private static void build(Map<String, Object> settings) {
        var config = new HashMap<String, Object>(settings);
        config.put("bootstrap.servers", "localhost:9092");
        EventProcessor.<String, String>builder()
                .kafka(config)
                .group("group")
                .topics("topic")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> {})
                .build();
    }
}
