package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientConfigsTest {

    private static final int MAX_REQUEST = 2_000_000;

    @Test
    void theConsumerGetsWhatTheGuaranteeNeeds() {
        assertThat(configs(Map.of()).consumer())
                .containsEntry("bootstrap.servers", "localhost:1")
                .containsEntry("group.id", "group")
                .containsEntry("group.instance.id", "pod-0")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("auto.offset.reset", "none")
                .containsEntry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName())
                .containsEntry("heartbeat.interval.ms", 1_000);
    }

    @Test
    void withoutAnInstanceNameTheMemberIsDynamic() {
        assertThat(new ClientConfigs(Map.of("bootstrap.servers", "localhost:1"), "group", null, "id").consumer())
                .doesNotContainKey("group.instance.id");
    }

    @Test
    void theProducerGetsWhatTheGuaranteeNeeds() {
        assertThat(configs(Map.of()).producer(MAX_REQUEST))
                .containsEntry("bootstrap.servers", "localhost:1")
                .containsEntry("transactional.id", "id")
                .containsEntry("enable.idempotence", true)
                .containsEntry("acks", "all")
                .containsEntry("transaction.timeout.ms", 10_000)
                .containsEntry("max.block.ms", 5_000)
                .containsEntry("max.request.size", MAX_REQUEST);
        assertThat((int) configs(Map.of()).producer(MAX_REQUEST).get("retry.backoff.ms"))
                .as("between two transactions")
                .isBetween(5, 20);
    }

    @Test
    void preferencesOfTheUserStay() {
        Map<String, Object> producer = configs(Map.of(
                        "transaction.timeout.ms", "15000",
                        "producer.max.block.ms", 1_000,
                        "retry.backoff.ms", 20))
                .producer(MAX_REQUEST);
        assertThat(producer)
                .containsEntry("transaction.timeout.ms", "15000")
                .containsEntry("max.block.ms", 1_000)
                .containsEntry("retry.backoff.ms", 20);
        assertThat(configs(Map.of("heartbeat.interval.ms", 2_000)).consumer())
                .containsEntry("heartbeat.interval.ms", 2_000);
        assertThat(configs(Map.of("partition.assignment.strategy", RoundRobinAssignor.class.getName()))
                        .consumer())
                .containsEntry("partition.assignment.strategy", RoundRobinAssignor.class.getName());
    }

    @Test
    void theNewGroupProtocolKnowsNoAssignorAndLeavesHeartbeatsToTheBroker() {
        for (String protocol : new String[] {"consumer", "CONSUMER"}) {
            assertThat(configs(Map.of("group.protocol", protocol)).consumer())
                    .doesNotContainKeys("partition.assignment.strategy", "heartbeat.interval.ms");
            assertThat(configs(Map.of("consumer.group.protocol", protocol)).consumer())
                    .doesNotContainKey("partition.assignment.strategy")
                    .containsEntry("group.protocol", protocol);
        }
        assertThat(configs(Map.of("group.protocol", "classic")).consumer())
                .containsKey("partition.assignment.strategy");
    }

    @Test
    void eachClientGetsWhatItKnowsAndWhatNobodyKnows() {
        ClientConfigs configs = configs(
                Map.of("client.id", "mine", "linger.ms", 7, "max.poll.records", 9, "my.interceptor.setting", "x"));
        assertThat(configs.consumer())
                .containsEntry("client.id", "mine")
                .containsEntry("max.poll.records", 9)
                .containsEntry("my.interceptor.setting", "x")
                .doesNotContainKey("linger.ms");
        assertThat(configs.producer(MAX_REQUEST))
                .containsEntry("client.id", "mine")
                .containsEntry("linger.ms", 7)
                .containsEntry("my.interceptor.setting", "x")
                .doesNotContainKey("max.poll.records");
        assertThat(configs.admin())
                .containsEntry("client.id", "mine")
                .containsEntry("my.interceptor.setting", "x")
                .doesNotContainKeys("linger.ms", "max.poll.records");
    }

    @Test
    void aPrefixMeansOneClientAndWinsOverTheNameAlone() {
        ClientConfigs configs = configs(Map.of(
                "client.id", "all",
                "consumer.client.id", "reader",
                "producer.client.id", "writer",
                "admin.request.timeout.ms", 1_234,
                "consumer.my.own", "x"));
        assertThat(configs.consumer()).containsEntry("client.id", "reader").containsEntry("my.own", "x");
        assertThat(configs.producer(MAX_REQUEST))
                .containsEntry("client.id", "writer")
                .doesNotContainKey("my.own");
        assertThat(configs.admin())
                .containsEntry("client.id", "all")
                .containsEntry("request.timeout.ms", 1_234)
                .doesNotContainKey("my.own");
        assertThat(configs.consumer().keySet())
                .noneMatch(name ->
                        name.startsWith("consumer.") || name.startsWith("producer.") || name.startsWith("admin."));
    }

    @Test
    void theClientsOfKafkaTakeTheirConfigurations() {
        ClientConfigs configs = configs(Map.of("something", "else"));
        assertThat(new ConsumerConfig(ConsumerConfigs.with(configs.consumer())).getString("group.id"))
                .isEqualTo("group");
        var producer = new HashMap<>(configs.producer(MAX_REQUEST));
        producer.put("key.serializer", ByteArraySerializer.class);
        producer.put("value.serializer", ByteArraySerializer.class);
        assertThat(new ProducerConfig(producer).getString("transactional.id")).isEqualTo("id");
        assertThat(new AdminClientConfig(configs.admin()).getList("bootstrap.servers"))
                .containsExactly("localhost:1");
    }

    /** A consumer's configuration is complete with deserializers only. */
    private static final class ConsumerConfigs {
        static Map<String, Object> with(Map<String, Object> config) {
            var complete = new HashMap<>(config);
            complete.put("key.deserializer", ByteArrayDeserializer.class);
            complete.put("value.deserializer", ByteArrayDeserializer.class);
            return complete;
        }
    }

    @Test
    void timesAreReadWhateverTheirType() {
        assertThat(configs(Map.of()).transactionTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(configs(Map.of()).maxPollInterval()).isEqualTo(Duration.ofMinutes(5));
        for (Object value : new Object[] {12_345, 12_345L, "12345"}) {
            assertThat(configs(Map.of("transaction.timeout.ms", value)).transactionTimeout())
                    .isEqualTo(Duration.ofMillis(12_345));
            assertThat(configs(Map.of("consumer.max.poll.interval.ms", value)).maxPollInterval())
                    .isEqualTo(Duration.ofMillis(12_345));
        }
    }

    @Test
    void theLargestRequestIsTheUsersOrUnknown() {
        assertThat(configs(Map.of()).maxRequestBytes()).isNull();
        assertThat(configs(Map.of("max.request.size", "123")).maxRequestBytes()).isEqualTo(123);
        assertThat(configs(Map.of("max.request.size", 1, "producer.max.request.size", 456))
                        .maxRequestBytes())
                .isEqualTo(456);
    }

    @Test
    void compressionIsWhatTheProducerWillDo() {
        assertThat(configs(Map.of()).isCompressed()).isFalse();
        assertThat(configs(Map.of("compression.type", "none")).isCompressed()).isFalse();
        assertThat(configs(Map.of("compression.type", "zstd")).isCompressed()).isTrue();
        assertThat(configs(Map.of("compression.type", "none", "producer.compression.type", "lz4"))
                        .isCompressed())
                .isTrue();
    }

    private static ClientConfigs configs(Map<String, @Nullable Object> given) {
        var all = new HashMap<String, Object>(given);
        all.put("bootstrap.servers", "localhost:1");
        return new ClientConfigs(all, "group", "pod-0", "id");
    }
}
