package dev.semel.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;

class TestNamesTest {

    @Test
    void aScopeHasItsOwnNames() {
        TestNames one = TestNames.of("retriesThenWorks");
        TestNames two = TestNames.of("retriesThenWorks");

        assertThat(one.name("orders")).matches("orders-retriesThenWorks-[0-9a-z]{4}");
        assertThat(one.name("orders")).isEqualTo(one.name("orders")).isNotEqualTo(two.name("orders"));
    }

    @Test
    void anyScopeGivesNamesThatKafkaAccepts() {
        String name = TestNames.of("[3] key=Zürich, value=\"x\" " + "long".repeat(100))
                .name("shop.orders");

        Topic.validate(name);
    }

    @Test
    void namesBuiltUponATestsNamesAreItsOwnToo() {
        TestNames names = TestNames.of("test");

        assertThat(names.owns(names.name("app") + "-store-changelog")).isTrue();
        assertThat(names.owns(TestNames.of("test").name("app"))).isFalse();
    }
}
