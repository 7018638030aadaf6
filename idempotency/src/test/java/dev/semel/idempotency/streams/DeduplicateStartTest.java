package dev.semel.idempotency.streams;

import static dev.semel.idempotency.streams.DeduplicationDriver.byValue;
import static dev.semel.idempotency.streams.DeduplicationDriver.config;
import static dev.semel.idempotency.streams.DeduplicationDriver.dropping;
import static dev.semel.idempotency.streams.DeduplicationDriver.exactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.semel.core.failure.ConfigurationException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What it needs of the application. */
class DeduplicateStartTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Deduplicate.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.setAdditive(true);
        logger.detachAppender(said);
    }

    @Test
    void itRefusesToStartWithoutExactlyOnce() {
        assertThatThrownBy(() -> dropping(inMemory()::dropFrom, config(StreamsConfig.AT_LEAST_ONCE)))
                .isInstanceOf(StreamsException.class)
                .cause()
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "'once'",
                        "processing.guarantee is at_least_once",
                        "can pass more than once",
                        "Set it to exactly_once_v2",
                        "withoutExactlyOnce(WARN)");
    }

    @Test
    void asAProcessorItRefusesToo() {
        assertThatThrownBy(
                        () -> dropping(payments -> payments.process(inMemory()), config(StreamsConfig.AT_LEAST_ONCE)))
                .cause()
                .isInstanceOf(ConfigurationException.class);
    }

    /** A driver that fails to start leaves its store open, and one on disk locked. */
    private static Deduplicate<String, String> inMemory() {
        return byValue().storedIn(BuiltInDslStoreSuppliers.IN_MEMORY);
    }

    @Test
    void itCanBeToldToStartAndWarn() {
        var warning = byValue().withoutExactlyOnce(WithoutExactlyOnce.WARN);
        try (var driver = dropping(warning::dropFrom, config(StreamsConfig.AT_LEAST_ONCE))) {
            Stream.of("a", "a").forEach(driver::send);

            assertThat(driver.passed()).containsExactly("a");
        }
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("'once'", "is at_least_once", "can pass more than once", "0_0");
    }

    @Test
    void withExactlyOnceThereIsNothingToSay() {
        try (var driver = dropping(byValue()::dropFrom, exactlyOnce())) {
            driver.send("a");
        }
        assertThat(warnings()).isEmpty();
    }

    private List<String> warnings() {
        return said.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
