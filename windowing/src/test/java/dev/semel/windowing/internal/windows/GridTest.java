package dev.semel.windowing.internal.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GridTest {

    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
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
            check(new Grid(size, advance, offset), size, advance, offset, time);
        }
    }

    private static void check(Grid grid, long size, long advance, long offset, long time) {
        String what = size + ", " + advance + ", " + offset + ": " + time;
        BigInteger step = BigInteger.valueOf(advance);
        BigInteger beyond =
                BigInteger.valueOf(time).subtract(BigInteger.valueOf(offset)).mod(step);
        BigInteger newest = BigInteger.valueOf(time).subtract(beyond);
        BigInteger newestEnd = newest.add(BigInteger.valueOf(size));
        BigInteger oldestPossible = newest.subtract(step.multiply(BigInteger.valueOf(grid.most() - 1)));
        boolean isIn = oldestPossible.compareTo(MIN) >= 0 && newestEnd.compareTo(MAX) <= 0;
        assertThat(grid.contains(time)).as(what).isEqualTo(isIn);
        if (isIn) {
            assertThat(BigInteger.valueOf(grid.newestEnd())).as(what).isEqualTo(newestEnd);
            BigInteger oldest = newestEnd;
            while (oldest.subtract(step).compareTo(BigInteger.valueOf(time)) > 0) {
                oldest = oldest.subtract(step);
            }
            assertThat(BigInteger.valueOf(grid.oldestEnd(time))).as(what).isEqualTo(oldest);
        }
    }
}
