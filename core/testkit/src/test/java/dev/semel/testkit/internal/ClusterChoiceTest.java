package dev.semel.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semel.testkit.internal.ClusterChoice.Docker;
import dev.semel.testkit.internal.ClusterChoice.Existing;
import dev.semel.testkit.internal.ClusterChoice.InProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterChoiceTest {

    private static final ClusterSpec SHARED = ClusterSpec.of(1, false);
    private static final ClusterSpec OWN = ClusterSpec.of(1, true);

    @Test
    void theKnownValuesChooseTheirCluster() {
        assertThat(ClusterChoice.of("in-process")).isEqualTo(new InProcess());
        assertThat(ClusterChoice.of(" docker ")).isEqualTo(new Docker());
        assertThat(ClusterChoice.of("a:9092,[::1]:9093")).isEqualTo(new Existing("a:9092,[::1]:9093"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dokcer", "localhost", "localhost:", "a:9092,", "http://a:9092", "a:9092 b:9092"})
    void anUnknownValueIsRefusedWithTheKnownOnes(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClusterChoice.of(value))
                .withMessageContaining("semel.testkit.kafka=" + value)
                .withMessageContaining("in-process, docker, or the host:port");
    }

    @Test
    void whereNoNodeCanBeStoppedTestsWithTheirOwnClusterAreSkippedWithTheReason() {
        assertThat(new InProcess().whyNot(OWN)).isEmpty();
        assertThat(new Docker().whyNot(SHARED)).isEmpty();
        assertThat(new Docker().whyNot(OWN))
                .hasValueSatisfying(why -> assertThat(why).contains("a cluster of its own", "docker"));
        assertThat(new Docker().whyNot(ClusterSpec.of(3, false)))
                .hasValueSatisfying(why -> assertThat(why).contains("3 nodes"));
        assertThat(new Existing("a:9092").whyNot(SHARED)).isEmpty();
        assertThat(new Existing("a:9092").whyNot(OWN))
                .hasValueSatisfying(why -> assertThat(why).contains("a:9092"));
    }
}
