package dev.semel.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** What a user has to give. */
class JdbcIdempotencyStoreTest {

    @Test
    void settingsAreCheckedWhenTheStoreIsBuilt() {
        var nowhere = new JdbcDataSource();
        assertThatThrownBy(() -> JdbcIdempotencyStore.builder(nowhere).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("retaining(...) is missing");
        record Wrong(UnaryOperator<JdbcIdempotencyStore.Builder> setting, String message) {}
        for (var wrong : List.of(
                new Wrong(builder -> builder.retaining(Duration.ofMillis(999)), "retaining PT0.999S"),
                new Wrong(builder -> builder.statementTimeout(Duration.ZERO), "statementTimeout PT0S"),
                new Wrong(builder -> builder.statementTimeout(Duration.ofMillis(1500)), "statementTimeout PT1.5S"),
                new Wrong(builder -> builder.statementTimeout(Duration.ofSeconds(3601)), "statementTimeout PT1H1S"),
                new Wrong(builder -> builder.cleanUpInterval(Duration.ZERO), "cleanUpInterval PT0S"),
                new Wrong(builder -> builder.cleanUpInterval(Duration.ofHours(25)), "cleanUpInterval PT25H"),
                new Wrong(builder -> builder.releasedTopic(" "), "releasedTopic ' '"))) {
            assertThatThrownBy(() -> wrong.setting()
                            .apply(JdbcIdempotencyStore.builder(nowhere).retaining(Duration.ofDays(7)))
                            .build())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong.message());
        }
    }
}
