package dev.semel.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import org.junit.jupiter.api.Test;

@KafkaTest
class ExistingClusterIT {

    @Test
    void anExistingClusterIsUsedAndLeftRunning(TestKafka kafka) throws Exception {
        try (KafkaCluster existing = ClusterChoice.of(kafka.bootstrapServers()).open(ClusterSpec.of(1, false))) {
            assertThat(existing.bootstrapServers()).isEqualTo(kafka.bootstrapServers());
            assertThat(existing.size()).isPositive();
            assertThatThrownBy(() -> existing.nodes().stopAll())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was there before the tests");
        }
        assertThat(kafka.admin().describeCluster().nodes().get()).isNotEmpty();
    }
}
