package dev.semel.dlq.internal.keep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.internal.keep.Store.Key;
import dev.semel.dlq.internal.keep.Store.Kind;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What is kept of a topic that was made anew is never taken for what is kept of the later one. */
class AddressesTest {

    private static final long LAST = 999_999_999_999_999L;

    @Test
    void earlierTopicsComeBeforeLaterOnesAndEachInTheOrderOfItsOffsets() {
        long[] inOrder = {
            Addresses.earlier(0, 0),
            Addresses.earlier(0, 1),
            Addresses.earlier(0, LAST),
            Addresses.earlier(1, 0),
            Addresses.earlier(1, LAST),
            Addresses.earlier(Addresses.TOPICS - 1, LAST)
        };
        assertThat(inOrder).isSorted().doesNotHaveDuplicates();
        assertThat(LongStream.of(inOrder)).allMatch(Addresses::isEarlier);
        assertThat(Addresses.isEarlier(0)).isFalse();
    }

    @Test
    void anAddressSaysOfWhichTopicAndOffsetItIs() {
        for (int topic : new int[] {0, 1, 7, Addresses.TOPICS - 1}) {
            for (long offset : new long[] {0, 1, 42, LAST}) {
                long address = Addresses.earlier(topic, offset);
                assertThat(Addresses.topic(address)).isEqualTo(topic);
                assertThat(Addresses.offset(address)).isEqualTo(offset);
            }
        }
    }

    @Test
    void keysStayWhenTheTopicIsMadeAnewAndTheLaterOneHasOthers() throws Exception {
        var store = new Store("g", new TopicPartition("orders", 3), new TopicPartition("letters", 3));
        byte[] first = store.state(42, null).key();
        store.isOf(2);
        assertThat(store.state(Addresses.earlier(0, 42), null).key()).isEqualTo(first);
        assertThat(store.key(first)).isEqualTo(new Key(Kind.STATE, 0, 42));
        assertThat(store.address(store.key(first))).isEqualTo(Addresses.earlier(0, 42));
        assertThat(store.firstId(Addresses.earlier(0, 42))).isEqualTo("g/orders/3/42");
        byte[] later = store.record(42, null).key();
        assertThat(new String(later, UTF_8)).isEqualTo("g/orders/3/42@2#record");
        assertThat(store.key(later)).isEqualTo(new Key(Kind.RECORD, 2, 42));
        assertThat(store.address(store.key(later))).isEqualTo(42);
        assertThat(store.id(42)).isEqualTo("g/orders/3/42");
    }
}
