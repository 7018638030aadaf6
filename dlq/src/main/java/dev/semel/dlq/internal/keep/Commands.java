package dev.semel.dlq.internal.keep;

import dev.semel.dlq.internal.clients.ClientErrors;
import dev.semel.dlq.internal.command.Addressee;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.CommandFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the commands for the partitions that are assigned to a processor, on a thread of its own, with a consumer of its own, and hands
 * them to those. What it has read need not be done: each partition says where it is to be begun.
 */
final class Commands implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Commands.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 1_000;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Map<TopicPartition, KeptPartition> owned = new HashMap<>();
    private final Thread thread;
    private boolean hasChanged;
    private volatile boolean closed;

    /** @param consumers makes one that reads what is committed, and belongs to no group */
    Commands(String name, Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Its commands are read from now on. */
    synchronized void add(TopicPartition commands, KeptPartition partition) {
        owned.put(commands, partition);
        hasChanged = true;
        notifyAll();
    }

    /** And no more. */
    synchronized void remove(TopicPartition commands, KeptPartition partition) {
        hasChanged |= owned.remove(commands, partition);
    }

    /** Ends the thread, and waits for that. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                awaitFirst();
                read();
            } catch (InterruptedException e) {
                log.debug("Reads no more commands: closed");
                return;
            } catch (RuntimeException e) {
                if (closed || ClientErrors.isInterrupt(e)) {
                    log.debug("Reads no more commands: closed", e);
                    return;
                }
                // Operators wait, and see that nobody answers; letters are kept all the same.
                log.error("Commands are not read; tried again in {} ms", PAUSE_MS, e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitFirst() throws InterruptedException {
        while (owned.isEmpty()) {
            wait();
        }
        hasChanged = true;
    }

    /** With one consumer, until it fails or the thread is to end. */
    private void read() {
        Consumer<byte[], byte[]> consumer = consumers.get();
        try {
            Map<TopicPartition, KeptPartition> reading = Map.of();
            while (!closed) {
                reading = assign(consumer, reading);
                if (reading.isEmpty()) {
                    return;
                }
                try {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        take(
                                record,
                                Objects.requireNonNull(
                                        reading.get(new TopicPartition(record.topic(), record.partition()))));
                    }
                } catch (OffsetOutOfRangeException e) {
                    begin(consumer, reading, e);
                }
            }
        } finally {
            boolean interrupted = Thread.interrupted();
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Map<TopicPartition, KeptPartition> assign(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, KeptPartition> before) {
        Map<TopicPartition, KeptPartition> now;
        synchronized (this) {
            if (!hasChanged) {
                return before;
            }
            hasChanged = false;
            now = Map.copyOf(owned);
        }
        consumer.assign(now.keySet());
        now.forEach((commands, partition) -> {
            if (before.get(commands) != partition) {
                consumer.seek(commands, partition.nextCommand());
            }
        });
        return now;
    }

    /** Commands that nobody has read for so long that they are deleted; or their topic was made anew. */
    private static void begin(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, KeptPartition> reading,
            OffsetOutOfRangeException where) {
        consumer.beginningOffsets(where.partitions()).forEach((commands, start) -> {
            Objects.requireNonNull(reading.get(commands)).commandsBeginAt(start);
            consumer.seek(commands, start);
        });
        log.warn(
                "Commands of {} are not there from where they were to be read: read from their start",
                where.partitions().stream().map(TopicPartition::toString).collect(Collectors.joining(", ")));
    }

    private static void take(ConsumerRecord<byte[], byte[]> record, KeptPartition partition) {
        Store store = partition.store();
        if (!Addressee.is(record.headers(), store.group(), store.source().topic())) {
            log.debug("The command at offset {} of {} is another group's", record.offset(), record.topic());
            return;
        }
        try {
            Command command = CommandFormat.read(record.value());
            log.info(
                    "{} asks to {} {} letter(s) of {}",
                    command.actor(),
                    command.kind(),
                    command.offsets().size(),
                    partition.store().source());
            partition.order(new Order(command, record.offset(), CommandFormat.topic(record.key())));
        } catch (IllegalArgumentException e) {
            log.error(
                    "The command at offset {} of {}-{} is passed over: {}",
                    record.offset(),
                    record.topic(),
                    record.partition(),
                    e.getMessage());
        }
    }
}
