package dev.semel.examples.benchmarks.engine;

import com.hazelcast.function.FunctionEx;
import com.hazelcast.jet.accumulator.LongLongAccumulator;
import com.hazelcast.jet.aggregate.AggregateOperation;
import com.hazelcast.jet.core.SlidingWindowPolicy;
import com.hazelcast.jet.core.Watermark;
import com.hazelcast.jet.core.test.TestInbox;
import com.hazelcast.jet.core.test.TestOutbox;
import com.hazelcast.jet.core.test.TestProcessorContext;
import com.hazelcast.jet.impl.processor.SlidingWindowP;
import com.hazelcast.logging.NoLogFactory;
import java.util.List;
import java.util.Queue;

/**
 * Hazelcast Jet's window processor, fed as Jet feeds it: batches of events, then a watermark, each 1,000 events. It knows no lateness,
 * so it is told a watermark that is behind by that much; and it has no logger, to which it would tell each late event.
 */
final class JetEngine implements Counting {

    private static final int OUTBOX = 1_024;

    private record Event(String key, long value, long timestamp) {}

    private record Result(String key, long end, long count, long sum) {}

    private final Results results;
    private final TestOutbox outbox = new TestOutbox(OUTBOX);
    private final TestInbox inbox = new TestInbox();
    private final SlidingWindowP<String, LongLongAccumulator, LongLongAccumulator, Result> processor;

    JetEngine(Results results) throws Exception {
        this.results = results;
        AggregateOperation<LongLongAccumulator, LongLongAccumulator> countAndSum = AggregateOperation.withCreate(
                        LongLongAccumulator::new)
                .<Event>andAccumulate((accumulator, event) -> {
                    accumulator.set1(accumulator.get1() + 1);
                    accumulator.set2(accumulator.get2() + event.value());
                })
                .andCombine((one, other) -> {
                    one.set1(one.get1() + other.get1());
                    one.set2(one.get2() + other.get2());
                })
                .andExportFinish(FunctionEx.identity());
        SlidingWindowPolicy windows = SlidingWindowPolicy.tumblingWinPolicy(Events.SIZE);
        processor = new SlidingWindowP<>(
                List.of((Event event) -> event.key()),
                List.of((Event event) -> windows.higherFrameTs(event.timestamp())),
                windows,
                0,
                countAndSum,
                (start, end, key, sums, isEarly) -> new Result(key, end, sums.get1(), sums.get2()),
                true,
                (byte) 0);
        processor.init(outbox, new TestProcessorContext().setLogger(new NoLogFactory().getLogger("jet")));
    }

    @Override
    public void feed(Events events) {
        var watermark = new CombinedMarks();
        for (int i = 0; i < events.count(); i++) {
            inbox.add(new Event(events.keys[i], events.values[i], events.timestamps[i]));
            watermark.event(events.sources[i], events.timestamps[i]);
            if ((i + 1) % CombinedMarks.INTERVAL == 0) {
                process();
                if (watermark.value() != Long.MIN_VALUE) {
                    advance(watermark.value() - Events.LATENESS);
                }
            }
        }
        process();
    }

    private void process() {
        while (!inbox.isEmpty()) {
            processor.process(0, inbox);
            drain();
        }
    }

    private void advance(long timestamp) {
        var watermark = new Watermark(timestamp);
        while (!processor.tryProcessWatermark(watermark)) {
            drain();
        }
        drain();
    }

    private void drain() {
        Queue<Object> out = outbox.queue(0);
        for (Object next = out.poll(); next != null; next = out.poll()) {
            if (next instanceof Result result) {
                results.result(result.key(), result.end(), result.count(), result.sum());
            }
        }
        outbox.reset();
    }
}
