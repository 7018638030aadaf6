package dev.semel.dlq.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.StateChange;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is written to the state topic is read as it was. */
class StateFormatsTest {

    @Test
    void aChangeKeepsAllThatWasSaid() {
        var change = new StateChange(
                LetterState.PARKED, "r-1", "ann=b", "two\nlines \\n and = more", Instant.EPOCH, 3, "orders");
        assertThat(StateFormat.read(StateFormat.write(change))).isEqualTo(change);
        var bare = new StateChange(LetterState.SENT, "r-1", "ann", null, Instant.EPOCH, 0, null);
        assertThat(StateFormat.read(StateFormat.write(bare))).isEqualTo(bare);
    }

    @Test
    void whatANewerReleaseWroteIsRefused() {
        assertThatThrownBy(() -> StateFormat.read("2\nstate=SENT".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version '2'");
        assertThatThrownBy(() -> SeenPack.of("letters", new byte[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void aPackNamesLettersOfAllKindsAgain() {
        var writer = new SeenPack.Writer("letters", 3);
        String[] ids = {
            "letters/3/5", "g/orders/3/1000000", "g/orders/3/7", "h/orders/3/0", "no number", "g/x/007", "letters/3/900"
        };
        long[] offsets = {5, 6, 8, 300, 301, 500, 900};
        for (int i = 0; i < ids.length; i++) {
            writer.add(offsets[i], ids[i]);
        }
        SeenPack pack = SeenPack.of("letters", writer.pack().bytes());
        assertThat(pack)
                .extracting(SeenPack::partition, SeenPack::first, SeenPack::last)
                .containsExactly(3, 5L, 900L);
        assertThat(pack.letters("letters")).extracting(SeenPack.Seen::id).containsExactly(ids);
        assertThat(pack.letters("letters").stream().mapToLong(SeenPack.Seen::offset))
                .containsExactly(5L, 6L, 8L, 300L, 301L, 500L, 900L);
    }

    @Test
    void aThousandLettersTakeTwoBytesEach() {
        var writer = new SeenPack.Writer("letters", 0);
        for (int i = 0; i < 1_000; i++) {
            writer.add(i, "letters/0/" + i);
        }
        assertThat(writer.pack().bytes().length).isLessThan(2_100);
    }

    @Test
    void theTableKnowsEachLetterOfMany() {
        var table = new StateTable();
        for (int i = 0; i < 50_000; i++) {
            table.put("letters/0/" + i, i % 2 == 0 ? LetterState.SENT : LetterState.PARKED, i % 5);
        }
        table.put("letters/0/4", LetterState.OPEN, 300);
        assertThat(table.size()).isEqualTo(50_000);
        assertThat(table.state("letters/0/4")).isEqualTo(LetterState.OPEN);
        assertThat(table.attempts("letters/0/4")).isEqualTo(300);
        assertThat(table.state("letters/0/49999")).isEqualTo(LetterState.PARKED);
        assertThat(table.attempts("letters/0/49999")).isEqualTo(4);
        assertThat(table.state("letters/0/50000")).isNull();
    }
}
