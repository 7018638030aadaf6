package dev.semel.dlq.internal.state;

import dev.semel.dlq.Letter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The letters that a scan comes past, to be written down. Told of them partition by partition, in their order. For one thread. */
public final class SeenLetters {

    private static final int PER_PACK = 1_000;

    private final String letterTopic;
    private final List<SeenPack> packs = new ArrayList<>();
    private SeenPack.@Nullable Writer writer;
    private int partition = -1;

    public SeenLetters(String letterTopic) {
        this.letterTopic = letterTopic;
    }

    public void add(Letter letter) {
        if (writer == null || letter.position().partition() != partition || writer.count() == PER_PACK) {
            close();
            partition = letter.position().partition();
            writer = new SeenPack.Writer(letterTopic, partition);
        }
        writer.add(letter.position().offset(), letter.id());
    }

    private void close() {
        if (writer != null) {
            packs.add(writer.pack());
            writer = null;
        }
    }

    List<SeenPack> packs() {
        close();
        return packs;
    }
}
