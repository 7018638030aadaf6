package dev.semel.examples.benchmarks.engine;

import java.time.Duration;
import java.util.Queue;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.operators.windowing.WindowOperatorBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * Flink's window operator in the harness that Flink tests it with: state on the heap, an incremental aggregate, the watermark each 1,000
 * events. It fires at a window's end, and again for what comes within the lateness.
 */
final class FlinkEngine implements Counting {

    private static final class CountAndSum implements AggregateFunction<Tuple2<String, Long>, long[], long[]> {
        private static final long serialVersionUID = 1;

        @Override
        public long[] createAccumulator() {
            return new long[2];
        }

        @Override
        public long[] add(Tuple2<String, Long> event, long[] accumulator) {
            accumulator[0]++;
            accumulator[1] += event.f1;
            return accumulator;
        }

        @Override
        public long[] getResult(long[] accumulator) {
            return accumulator;
        }

        @Override
        public long[] merge(long[] one, long[] other) {
            return new long[] {one[0] + other[0], one[1] + other[1]};
        }
    }

    private final Results results;
    private final KeyedOneInputStreamOperatorTestHarness<String, Tuple2<String, Long>, Tuple4<String, Long, Long, Long>>
            harness;

    FlinkEngine(Results results) throws Exception {
        this.results = results;
        TypeInformation<Tuple2<String, Long>> events =
                new TupleTypeInfo<>(BasicTypeInfo.STRING_TYPE_INFO, BasicTypeInfo.LONG_TYPE_INFO);
        var builder = new WindowOperatorBuilder<Tuple2<String, Long>, String, TimeWindow>(
                TumblingEventTimeWindows.of(Duration.ofMillis(Events.SIZE)),
                EventTimeTrigger.create(),
                new ExecutionConfig(),
                events,
                event -> event.f0,
                BasicTypeInfo.STRING_TYPE_INFO);
        builder.allowedLateness(Duration.ofMillis(Events.LATENESS));
        WindowFunction<long[], Tuple4<String, Long, Long, Long>, String, TimeWindow> emit =
                (key, window, aggregates, out) -> aggregates.forEach(
                        aggregate -> out.collect(Tuple4.of(key, window.getEnd(), aggregate[0], aggregate[1])));
        OneInputStreamOperator<Tuple2<String, Long>, Tuple4<String, Long, Long, Long>> operator =
                builder.aggregate(new CountAndSum(), emit, TypeInformation.of(long[].class));
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                operator, event -> event.f0, BasicTypeInfo.STRING_TYPE_INFO);
        harness.setup();
        harness.open();
    }

    @Override
    public void feed(Events events) throws Exception {
        var watermark = new CombinedMarks();
        Queue<Object> out = harness.getOutput();
        for (int i = 0; i < events.count(); i++) {
            harness.processElement(Tuple2.of(events.keys[i], events.values[i]), events.timestamps[i]);
            watermark.event(events.sources[i], events.timestamps[i]);
            if ((i + 1) % CombinedMarks.INTERVAL == 0 && watermark.value() != Long.MIN_VALUE) {
                // Flink's is inclusive: no more events at or before it.
                harness.processWatermark(watermark.value() - 1);
                drain(out);
            }
        }
    }

    private void drain(Queue<Object> out) {
        for (Object next = out.poll(); next != null; next = out.poll()) {
            if (next instanceof StreamRecord<?> emitted && emitted.getValue() instanceof Tuple4<?, ?, ?, ?> result) {
                results.result((String) result.f0, (Long) result.f1, (Long) result.f2, (Long) result.f3);
            }
        }
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
