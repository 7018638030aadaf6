package dev.semel.idempotency.internal.marks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class PackFormatTest {

    private static final MarkTime TIME = new MarkTime(1_767_225_600_000L, 1_767_225_599_000L);

    private record Mark(long high, long low, long payload) {}

    @Test
    void whatIsWrittenIsRead() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            boolean withPayloads = random.nextBoolean();
            var format = new PackFormat("group", "topic", withPayloads);
            List<Claim> claims = claims(random, random.nextInt(50));
            var time = new MarkTime(random.nextLong() >>> 1, random.nextLong() >>> 1);
            List<Mark> expected = claims.stream()
                    .map(claim -> new Mark(
                            claim.event().high(),
                            claim.event().low(),
                            withPayloads ? claim.payload() : PayloadHash.UNKNOWN))
                    .toList();
            var read = new ArrayList<Mark>();
            // A format reads packs with payloads and without, whichever it writes.
            int count = new PackFormat("group", "topic", random.nextBoolean())
                    .read(format.write(time, claims), readTime -> {
                        assertThat(readTime).isEqualTo(time);
                        return (high, low, payload) -> read.add(new Mark(high, low, payload));
                    });
            assertThat(read).as("seed " + seed).isEqualTo(expected).hasSize(count);
        }
    }

    @Test
    void theLargestPackIsNotLargerThanHalfAMegabyteAndHasSomeTwentyThousandMarks() {
        for (boolean withPayloads : new boolean[] {true, false}) {
            var format = new PackFormat("group", "topic", withPayloads);
            assertThat(format.maxMarks()).isGreaterThan(20_000);
            assertThat(format.write(TIME, claims(new Random(1), format.maxMarks())).length)
                    .isLessThanOrEqualTo(PackFormat.MAX_BYTES)
                    .isGreaterThan(PackFormat.MAX_BYTES - 24);
        }
    }

    @Test
    void noBitOfItCanChangeUnnoticed() {
        var format = new PackFormat("group", "topic", true);
        byte[] pack = format.write(TIME, claims(new Random(1), 3));
        for (int bit = 0; bit < pack.length * 8; bit++) {
            byte[] damaged = pack.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertUnreadable(format, damaged, "");
        }
        for (int length = 0; length < pack.length; length++) {
            assertUnreadable(format, Arrays.copyOf(pack, length), "it is damaged");
        }
        assertUnreadable(
                format,
                "{\"not\":\"a pack, but long enough for one, as far as that goes\"}".getBytes(UTF_8),
                "checksum");
    }

    @Test
    void aNewerVersionIsToBeReadByTheNewerSemel() {
        byte[] pack = new PackFormat("group", "topic", false).write(TIME, List.of());
        pack[0] = 2;
        assertUnreadable(new PackFormat("group", "topic", false), pack, "version 2", "run the newer one");
    }

    @Test
    void aFlagThatIsNotKnownIsNotReadOver() {
        byte[] pack = new PackFormat("group", "topic", false).write(TIME, List.of());
        pack[1] = 2;
        var crc = new CRC32C();
        crc.update(pack, 0, pack.length - 4);
        ByteBuffer.wrap(pack).putInt(pack.length - 4, (int) crc.getValue());
        assertUnreadable(new PackFormat("group", "topic", false), pack, "flags 2");
    }

    @Test
    void thatOfAnotherGroupOrTopicIsRefused() {
        byte[] pack = new PackFormat("a.b", "c", false).write(TIME, claims(new Random(1), 1));
        // Their marks topics would have the same name.
        assertUnreadable(new PackFormat("a", "b.c", false), pack, "another group", "marksTopic()");
        assertUnreadable(new PackFormat("a.b", "d", false), pack, "another group");
    }

    private static void assertUnreadable(PackFormat format, byte[] pack, String... told) {
        assertThatThrownBy(() -> format.read(pack, time -> {
                    throw new AssertionError("read from a pack that cannot be");
                }))
                .isInstanceOf(UnreadablePackException.class)
                .hasMessageContainingAll(told);
    }

    private static List<Claim> claims(Random random, int count) {
        var claims = new ArrayList<Claim>();
        for (int i = 0; i < count; i++) {
            claims.add(new Claim(
                    new Fingerprint(random.nextLong(), random.nextLong()), random.nextLong() | 2, i, 0, false));
        }
        return claims;
    }
}
