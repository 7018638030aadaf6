package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@KafkaTest
class ListenersIT {

    private final List<ProcessorState> states = new CopyOnWriteArrayList<>(List.of(ProcessorState.CREATED));
    private final List<String> reasons = new CopyOnWriteArrayList<>();

    @Test
    void aLifeIsToldFromTheStartToTheEnd(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var processor = listened(processing).handler((event, context) -> {}).build();
        try (processor) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> states.contains(ProcessorState.RUNNING));
            processor.pause("the stock is counted");
            await().atMost(Processing.DEADLINE).until(() -> states.contains(ProcessorState.PAUSED));
            processor.resume();
        }
        await().atMost(Processing.DEADLINE).until(() -> last() == ProcessorState.STOPPED);
        assertThat(states)
                .startsWith(
                        ProcessorState.CREATED,
                        ProcessorState.STARTING,
                        ProcessorState.REBALANCING,
                        ProcessorState.RUNNING)
                .endsWith(ProcessorState.STOPPING, ProcessorState.STOPPED);
        assertThat(reasons).contains("the stock is counted");
    }

    @Test
    void anEndByAnErrorIsToldWithIt(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0");
        try (var processor = listened(processing)
                .handler((event, context) -> {
                    throw new NoClassDefFoundError("left out of the jar");
                })
                .build()) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> last() == ProcessorState.FAILED);
            assertThat(reasons.get(reasons.size() - 1)).contains("left out of the jar");
        }
    }

    /** Each change begins where the last one ended: none is left out, and none comes before its turn. */
    private EventProcessorBuilder<String, String> listened(Processing processing) {
        return processing.processor().listener((from, to, reason) -> {
            reasons.add(reason);
            if (from == last()) {
                states.add(to);
            }
        });
    }

    private ProcessorState last() {
        return states.get(states.size() - 1);
    }
}
