package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.semel.dlq.LetterState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Letters that are soon deleted from their topic are warned of once a day. */
class RetentionGuardTest {

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final Store STORE =
            new Store("group", new TopicPartition("orders", 0), new TopicPartition("store", 0));

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Table table = new Table(false);

    @BeforeEach
    void listen() {
        lines.start();
        logger().setAdditive(false);
        logger().addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(lines);
        logger().setAdditive(true);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(RetentionGuard.class);
    }

    @Test
    void theyAreWarnedOfFromTheirShareOfTheRetentionOnOnceADay() {
        var guard = guard(Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(10 * DAY)));
        guard.look(0);
        keep(LetterState.OPEN, 1, 0);
        keep(LetterState.WAITING, 2, 0);
        keep(LetterState.OPEN, 3, DAY);
        guard.look(8 * DAY - 1);
        assertThat(guard.near(8 * DAY - 1)).isZero();
        assertThat(lines.list).isEmpty();
        guard.look(8 * DAY);
        guard.look(9 * DAY - 1);
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .startsWith("1 letter(s) of orders-0")
                        .contains("group/orders/0/1", "from 1970-01-11T00:00:00Z on"));
        guard.look(9 * DAY);
        assertThat(lines.list).hasSize(2);
        assertThat(lines.list.get(1).getFormattedMessage()).startsWith("2 letter(s)");
    }

    @Test
    void whereNothingIsDeletedNothingIsWarnedOf() {
        for (Map<String, String> config : List.of(
                Map.of("cleanup.policy", "delete", "retention.ms", "-1"),
                Map.of("cleanup.policy", "compact", "retention.ms", "1000"),
                Map.<String, String>of())) {
            var guard = guard(config);
            keep(LetterState.OPEN, 1, 0);
            guard.look(1000 * DAY);
            assertThat(guard.near(1000 * DAY)).isZero();
        }
        assertThat(lines.list).isEmpty();
    }

    private RetentionGuard guard(Map<String, String> config) {
        return new RetentionGuard(table, STORE, LetterTopic.of("letters", config), 0.8);
    }

    private void keep(LetterState state, long offset, long publishedMillis) {
        var entry = new Entry(offset, null, true);
        entry.isNow(KeptState.begin(state, true, null, publishedMillis));
        table.add(entry);
    }
}
