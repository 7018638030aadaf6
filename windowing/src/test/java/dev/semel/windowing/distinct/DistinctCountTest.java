package dev.semel.windowing.distinct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.semel.windowing.aggregate.MergeableAggregate;
import dev.semel.windowing.state.IncompatibleStateException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctCountTest {

    private static final MergeableAggregate<String, Long, DistinctCount> NUMBERS =
            DistinctCount.ofNumbers(Long::longValue);

    private static DistinctCount numbers(long from, long to) throws Exception {
        DistinctCount count = NUMBERS.first("k", from);
        for (long number = from + 1; number < to; number++) {
            count = NUMBERS.fold("k", number, count);
        }
        return count;
    }

    @Test
    @DisplayName("what comes again is not counted again, and up to 256 different ones are exact")
    void exact() throws Exception {
        DistinctCount count = numbers(0, 256);
        for (long number = 0; number < 256; number++) {
            assertThat(NUMBERS.fold("k", number, count)).isSameAs(count);
        }
        assertThat(count.count()).isEqualTo(256);
        assertThat(count.isExact()).isTrue();
        assertThat(NUMBERS.fold("k", 256L, count).isExact()).isFalse();
        assertThat(NUMBERS.fold("k", 256L, count).count()).isCloseTo(257, within(13L));
    }

    @Test
    @DisplayName("a fold leaves the count that it was given as it was")
    void immutable() throws Exception {
        DistinctCount few = numbers(0, 10);
        DistinctCount many = numbers(0, 1_000);
        long before = many.count();
        NUMBERS.fold("k", 10L, few);
        for (long number = 1_000; number < 2_000; number++) {
            NUMBERS.fold("k", number, many);
        }
        NUMBERS.merge(many, numbers(1_000, 2_000));
        assertThat(few.count()).isEqualTo(10);
        assertThat(many.count()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 200, 256, 400, 3_000})
    @DisplayName("two that are merged are what all their values together would have been")
    void merged(int overlap) throws Exception {
        for (int size : new int[] {1, 100, 250, 300, 2_000}) {
            DistinctCount one = numbers(0, 3_000);
            DistinctCount other = numbers(3_000 - overlap, 3_000 - overlap + size);
            DistinctCount small = numbers(0, size);
            assertThat(NUMBERS.merge(one, other)).isEqualTo(numbers(0, Math.max(3_000, 3_000 - overlap + size)));
            assertThat(NUMBERS.merge(other, one)).isEqualTo(NUMBERS.merge(one, other));
            assertThat(NUMBERS.merge(small, numbers(0, size + 5))).isEqualTo(numbers(0, size + 5));
        }
    }

    @Test
    @DisplayName("the standard error is 1.6 %, from a thousand to a hundred thousand")
    void error() throws Exception {
        var random = new Random(7);
        for (int different : new int[] {1_000, 10_000, 100_000}) {
            double squares = 0;
            int rounds = 30;
            for (int round = 0; round < rounds; round++) {
                long from = random.nextLong();
                DistinctCount count = numbers(from, from + different);
                double error = (double) count.count() / different - 1;
                squares += error * error;
            }
            // Of 30 rounds the root of the mean square is within a third of what it is of very many.
            assertThat(Math.sqrt(squares / rounds)).as("of " + different).isLessThan(0.016 * 1.33);
        }
    }

    @Test
    @DisplayName("texts and bytes are counted as numbers are")
    void textsAndBytes() throws Exception {
        MergeableAggregate<String, String, DistinctCount> texts = DistinctCount.ofTexts(text -> text);
        MergeableAggregate<String, String, DistinctCount> bytes =
                DistinctCount.ofBytes(text -> text.getBytes(StandardCharsets.UTF_8));
        for (var aggregate : java.util.List.of(texts, bytes)) {
            DistinctCount count = aggregate.first("k", "a");
            for (String text : new String[] {"b", "a", "", "c", "b"}) {
                count = aggregate.fold("k", text, count);
            }
            assertThat(count.count()).isEqualTo(4);
        }
        assertThatThrownBy(() -> texts.first("k", null)).isInstanceOf(NullPointerException.class);
    }

    private static DistinctCount again(DistinctCount count) {
        try (var serde = DistinctCount.serde()) {
            byte[] stored = serde.serializer().serialize("topic", count);
            return Objects.requireNonNull(serde.deserializer().deserialize("topic", stored));
        }
    }

    @Test
    @DisplayName("what is stored is read again, in both forms")
    void stored() throws Exception {
        assertThat(again(numbers(0, 7))).isEqualTo(numbers(0, 7));
        assertThat(again(numbers(0, 5_000))).isEqualTo(numbers(0, 5_000));
        assertThat(DistinctCount.serde().serializer().serialize("topic", numbers(0, 5_000)))
                .as("about as many bytes as registers have")
                .hasSizeLessThan(3_080);
    }

    /** Bytes here never change: another hash of the same text would count it twice. */
    @Test
    @DisplayName("what version 1 has stored is read, and the same things are the same to it")
    void versionOne() throws Exception {
        MergeableAggregate<String, String, DistinctCount> texts = DistinctCount.ofTexts(text -> text);
        var serde = DistinctCount.serde();
        byte[] stored = HexFormat.of().parseHex("010020a8968a7c8f7e17bcc7c659e137851c84");
        DistinctCount count = Objects.requireNonNull(serde.deserializer().deserialize("topic", stored));
        assertThat(count).isEqualTo(texts.fold("k", "b", texts.first("k", "a")));
        assertThat(serde.serializer().serialize("topic", count)).isEqualTo(stored);
        stored[0] = 2;
        assertThatThrownBy(() -> serde.deserializer().deserialize("topic", stored))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("version 2");
    }
}
