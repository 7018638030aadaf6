package dev.semel.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ClusterSpecTest {

    @Test
    void propertiesAreSplitAtTheFirstEqualsSign() {
        assertThat(ClusterSpec.of(1, true, "a.b = c=d", "empty=").properties())
                .containsEntry("a.b", "c=d")
                .containsEntry("empty", "");
    }

    @Test
    void aPropertyWithoutANameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClusterSpec.of(1, true, "retention"))
                .withMessageContaining("\"retention\"): write it as \"name=value\"");
    }

    @Test
    void onlyOneOrThreeNodesAreOffered() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClusterSpec.of(2, true))
                .withMessageContaining("use 1 or 3");
    }

    @Test
    void aSharedClusterHasNoPropertiesOfOneTest() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClusterSpec.of(1, false, "a=b"))
                .withMessageContaining("ownCluster = true");
    }
}
