package dev.semel.dlq.internal.keep;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * What a partition of a store says of itself: of which topic it keeps records, and of which offsets it did not. A topic that is deleted
 * and made anew has another id, and other records at the same offsets. And where nobody kept letters when a record was handled, its
 * letter was never resolved, although nothing is known of it.
 *
 * @param topics those that the source's name has stood for, the present one last
 */
record StoreNote(List<Topic> topics) {

    private static final int VERSION = 1;

    /** More of them are joined: each assignment can add one. */
    private static final int SPANS = 64;

    /**
     * One that has the name of the source, or had it.
     *
     * @param id Kafka's
     * @param lettersFrom where its letters begin in the letter topic's partition of the same number
     * @param through what is kept of it is before this offset
     * @param notKept what was handled while nobody kept its letters, in the order of offsets
     */
    record Topic(Uuid id, long lettersFrom, long through, List<Span> notKept) {

        Topic {
            notKept = List.copyOf(notKept);
        }

        /** Whether letters of this offset were kept; only before {@link #through} that is for sure. */
        boolean keeps(long offset) {
            return offset < through && notKept.stream().noneMatch(span -> span.from() <= offset && offset < span.to());
        }

        /** Somebody keeps letters from this offset on, who did not see what was handled from the one before. */
        private Topic goesOnAt(long committed) {
            var spans = new ArrayList<Span>();
            for (Span span : notKept) {
                if (span.from() < committed) {
                    spans.add(new Span(span.from(), Math.min(span.to(), committed)));
                }
            }
            if (through < committed) {
                spans.add(new Span(through, committed));
            }
            if (spans.size() > SPANS) {
                joinNearest(spans);
            }
            return new Topic(id, lettersFrom, committed, spans);
        }

        private Topic through(long offset) {
            return offset <= through ? this : new Topic(id, lettersFrom, offset, notKept);
        }
    }

    /** Offsets that follow each other. */
    record Span(long from, long to) {}

    /** Letters between them are taken for such as nobody keeps, which loses none. */
    private static void joinNearest(List<Span> spans) {
        int nearest = 1;
        for (int i = 2; i < spans.size(); i++) {
            if (between(spans, i) < between(spans, nearest)) {
                nearest = i;
            }
        }
        Span second = spans.remove(nearest);
        spans.set(nearest - 1, new Span(spans.get(nearest - 1).from(), second.to()));
    }

    private static long between(List<Span> spans, int i) {
        return spans.get(i).from() - spans.get(i - 1).to();
    }

    StoreNote {
        topics = List.copyOf(topics);
        if (topics.isEmpty() || topics.size() > Addresses.TOPICS) {
            throw new IllegalArgumentException(
                    topics.size() + " topics of one name, and from 1 to " + Addresses.TOPICS + " can be told apart");
        }
    }

    /**
     * Of a store that says nothing of itself: it is new, or was written before stores did.
     *
     * @param earlier how many topics it has something of that had the name before
     * @param id the topic's
     * @param firstKept the first offset that it has anything of; where it has nothing, the one from which on it does
     */
    static StoreNote begin(int earlier, Uuid id, long firstKept) {
        var topics = new ArrayList<Topic>();
        for (int i = 0; i < earlier; i++) {
            topics.add(new Topic(Uuid.ZERO_UUID, 0, 0, List.of()));
        }
        topics.add(new Topic(id, 0, firstKept, firstKept == 0 ? List.of() : List.of(new Span(0, firstKept))));
        return new StoreNote(topics);
    }

    /** Which of them is the present one. */
    int present() {
        return topics.size() - 1;
    }

    /** The present one. */
    Topic topic() {
        return topics.get(present());
    }

    /** Which one has this id; -1 where none has. */
    int number(Uuid id) {
        for (int i = 0; i < topics.size(); i++) {
            if (topics.get(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /** Of which of them a letter is, by its offset in the letter topic. */
    int ofLetter(long letterOffset) {
        int topic = present();
        while (topic > 0 && letterOffset < topics.get(topic).lettersFrom()) {
            topic--;
        }
        return topic;
    }

    /** Somebody keeps letters from this offset of the present topic on. */
    StoreNote goesOnAt(long committed) {
        return with(topic().goesOnAt(committed));
    }

    /** Something is kept that is before this offset. */
    StoreNote through(long offset) {
        return with(topic().through(offset));
    }

    private StoreNote with(Topic present) {
        if (present == topic()) {
            return this;
        }
        var all = new ArrayList<>(topics);
        all.set(present(), present);
        return new StoreNote(all);
    }

    /** The topic was made anew, and somebody keeps its letters from this offset on. */
    StoreNote anew(Uuid id, long lettersFrom, long committed) {
        var all = new ArrayList<>(topics);
        all.add(new Topic(id, lettersFrom, 0, List.of()).goesOnAt(committed));
        return new StoreNote(all);
    }

    byte[] write() {
        var bytes = new ByteArrayOutputStream(64);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(topics.size());
            for (Topic topic : topics) {
                out.writeLong(topic.id().getMostSignificantBits());
                out.writeLong(topic.id().getLeastSignificantBits());
                out.writeLong(topic.lettersFrom());
                out.writeLong(topic.through());
                out.writeInt(topic.notKept().size());
                for (Span span : topic.notKept()) {
                    out.writeLong(span.from());
                    out.writeLong(span.to());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no stream of memory fails", e);
        }
        return bytes.toByteArray();
    }

    static StoreNote read(byte[] bytes) throws Unreadable {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("version " + version + ", and " + VERSION + " is known");
            }
            var topics = new ArrayList<Topic>();
            for (int left = count(in, 4 * Long.BYTES); left > 0; left--) {
                topics.add(
                        new Topic(new Uuid(in.readLong(), in.readLong()), in.readLong(), in.readLong(), readSpans(in)));
            }
            if (in.available() > 0) {
                throw new IOException(in.available() + " byte(s) too many");
            }
            return new StoreNote(topics);
        } catch (IOException | IllegalArgumentException e) {
            throw new Unreadable("a store's note of " + bytes.length + " bytes cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Span> readSpans(DataInputStream in) throws IOException {
        var spans = new ArrayList<Span>();
        for (int left = count(in, 2 * Long.BYTES); left > 0; left--) {
            spans.add(new Span(in.readLong(), in.readLong()));
        }
        return spans;
    }

    private static int count(DataInputStream in, int bytesOfEach) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available() / bytesOfEach) {
            throw new IOException("a count of " + count + " with " + in.available() + " byte(s) left");
        }
        return count;
    }
}
