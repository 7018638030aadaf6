package dev.semel.windowing.internal.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GridTest {

    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    @Test
    void windowsAreThoseOfExactArithmeticFromOneEndOfTheRangeToTheOther() {
        var random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            long size = 1 + (random.nextLong() >>> (1 + random.nextInt(62)));
            long advance = Math.max(1, size / (1 + random.nextInt(7)));
            long offset = random.nextLong() % advance;
            long time = switch (random.nextInt(3)) {
                case 0 -> random.nextLong();
                case 1 -> Long.MIN_VALUE + random.nextInt(1_000);
                default -> Long.MAX_VALUE - random.nextInt(1_000);
            };
            check(new Grid(size, advance, offset, Long.MIN_VALUE), size, advance, offset, Long.MIN_VALUE, time);
        }
    }

    /** One grid for many points, since it remembers the last answer. */
    @Test
    void noWindowBeginsBeforeTheEarliestStart() {
        var random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            long size = 1 + random.nextInt(30);
            long advance = 1 + random.nextInt((int) size);
            long offset = random.nextInt((int) advance);
            long earliest = random.nextInt(20) - 10;
            var grid = new Grid(size, advance, offset, earliest);
            for (int j = 0; j < 20; j++) {
                check(grid, size, advance, offset, earliest, random.nextInt(100) - 40);
            }
        }
    }

    private static void check(Grid grid, long size, long advance, long offset, long earliest, long time) {
        String what = size + ", " + advance + ", " + offset + ", " + earliest + ": " + time;
        BigInteger step = BigInteger.valueOf(advance);
        BigInteger beyond =
                BigInteger.valueOf(time).subtract(BigInteger.valueOf(offset)).mod(step);
        BigInteger newest = BigInteger.valueOf(time).subtract(beyond);
        BigInteger newestEnd = newest.add(BigInteger.valueOf(size));
        BigInteger oldest = newestEnd.subtract(newestEnd
                .subtract(BigInteger.valueOf(time))
                .subtract(BigInteger.ONE)
                .divide(step)
                .multiply(step));
        BigInteger oldestStart = oldest.subtract(BigInteger.valueOf(size));
        boolean isIn = oldestStart.compareTo(BigInteger.valueOf(earliest)) >= 0 && newestEnd.compareTo(MAX) <= 0;
        assertThat(grid.contains(time)).as(what).isEqualTo(isIn);
        if (isIn) {
            assertThat(BigInteger.valueOf(grid.newestEnd())).as(what).isEqualTo(newestEnd);
            assertThat(BigInteger.valueOf(grid.oldestEnd(time))).as(what).isEqualTo(oldest);
        }
    }
}
