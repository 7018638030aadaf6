package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.ApplicationSettings;
import dev.semel.examples.telemetry.application.Names;
import dev.semel.examples.telemetry.application.OpenWindows;
import dev.semel.examples.telemetry.application.Reason;
import dev.semel.examples.telemetry.application.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** One run: starts what it needs, sends, kills if it is to, waits until all has settled, and counts. For one thread. */
public final class TelemetryRun {

    private static final long FRAME_NANOS = Duration.ofMillis(250).toNanos();
    private static final long STUCK_NANOS = Duration.ofSeconds(60).toNanos();

    /** What is not in the topics so long after the last of it came will not come. */
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private static final long METRICS_NANOS = Duration.ofSeconds(3).toNanos();

    private static final int PAUSE_MILLIS = 10;
    private static final double KILL_AT = 0.65;

    private final RunSettings settings;
    private final Names names;
    private final Spectator spectator;
    private final long beginNanos = System.nanoTime();
    private final WindowNews news;
    private long lastFrameNanos;

    /** @param spectator who watches */
    public TelemetryRun(RunSettings settings, Spectator spectator) {
        this.settings = settings;
        this.names = settings.names();
        this.spectator = spectator;
        this.news = new WindowNews(settings, this::say);
    }

    /**
     * Runs it.
     *
     * @throws RunFailedException if it could not be finished
     */
    public Outcome run() throws InterruptedException {
        say(settings.bootstrapServers().isPresent() ? "connecting to the cluster" : "starting a broker");
        try (Cluster cluster = Cluster.open(settings.bootstrapServers(), settings.directory())) {
            cluster.createTopics(names);
            say("starting the application");
            try (var application = new ApplicationProcess(applicationSettings(cluster), settings.directory())) {
                awaitRunning(cluster, application);
                try (var view = new CommittedView(
                                cluster.bootstrapServers(),
                                names,
                                settings.window().toMillis());
                        var sender = new Sender(settings, cluster.bootstrapServers())) {
                    send(cluster, application, view, sender);
                    Books books = settle(cluster, application, view, sender);
                    List<String> differences =
                            books.differences(settings.input().count(), settings.closing());
                    Optional<Status> own = ownAccounts(cluster, application, view, sender, books);
                    if (differences.isEmpty() && settings.bootstrapServers().isPresent()) {
                        application.close();
                        cluster.deleteTopics(names);
                    }
                    return new Outcome(settings.input().count(), books, sender.lateByFastest(), own, differences);
                }
            }
        }
    }

    private ApplicationSettings applicationSettings(Cluster cluster) {
        return new ApplicationSettings(
                cluster.bootstrapServers(),
                names,
                settings.directory().resolve("state").toString(),
                settings.input().format(),
                settings.window().toMillis(),
                settings.disorder().toMillis(),
                settings.lateness().toMillis(),
                settings.idleness().toMillis(),
                settings.futureBound().toMillis(),
                settings.declared());
    }

    private void awaitRunning(Cluster cluster, ApplicationProcess application) throws InterruptedException {
        long begin = System.nanoTime();
        while (application
                .status()
                .filter(status -> status.state().equals("RUNNING"))
                .isEmpty()) {
            check(cluster, application);
            if (System.nanoTime() - begin > STUCK_NANOS) {
                throw new RunFailedException(
                        "the application did not begin to run within a minute; its log is in " + settings.directory(),
                        null);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS * 10);
        }
    }

    private void send(Cluster cluster, ApplicationProcess application, CommittedView view, Sender sender)
            throws InterruptedException {
        say("%,d lines to send".formatted(settings.input().count()));
        boolean toBeKilled = settings.kill();
        while (!sender.sendDue(this::say)) {
            if (toBeKilled && sender.sent() >= KILL_AT * settings.input().count()) {
                toBeKilled = false;
                kill(cluster, application);
            }
            sender.checkSent();
            frame(cluster, application, view, sender);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        if (settings.closing()) {
            sender.sendHeartbeats();
        }
        sender.flush();
        if (toBeKilled) {
            kill(cluster, application);
        }
        say(
                settings.closing()
                        ? "all is sent; each source says that nothing more comes, which closes the windows"
                        : "all is sent; windows that are open stay open");
    }

    private void kill(Cluster cluster, ApplicationProcess application) {
        application.killAndStart();
        say("killed the application (SIGKILL) with %,d lines not committed; starting it again"
                .formatted(cluster.lag(names)));
    }

    private Books settle(Cluster cluster, ApplicationProcess application, CommittedView view, Sender sender)
            throws InterruptedException {
        long given = settings.input().count();
        Books before = view.books(OpenWindows.NONE);
        long changedNanos = System.nanoTime();
        while (true) {
            frame(cluster, application, view, sender);
            boolean isCommitted = cluster.lag(names) <= 0;
            Map<TopicPartition, Long> ends = cluster.ends(names.topics());
            boolean isRead = view.hasReached(ends);
            // After the ends: what is in neither place then is missing, not on its way.
            Optional<OpenWindows> open = application.openWindowsNow();
            Books books = view.books(open.orElse(OpenWindows.NONE));
            long now = System.nanoTime();
            if (!books.equals(before)) {
                before = books;
                changedNanos = now;
            }
            boolean isKnown = isCommitted && isRead && open.isPresent();
            if (isKnown
                    && (books.differences(given, settings.closing()).isEmpty() || now - changedNanos > QUIET_NANOS)) {
                return books;
            }
            if (now - changedNanos > STUCK_NANOS) {
                throw new RunFailedException(
                        "nothing has moved for a minute, and %,d lines are not committed".formatted(cluster.lag(names)),
                        null);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS * 5);
        }
    }

    /** Metrics follow a tick later than what they tell of: the last frame waits for that. */
    private Optional<Status> ownAccounts(
            Cluster cluster, ApplicationProcess application, CommittedView view, Sender sender, Books books)
            throws InterruptedException {
        long taken = books.lines() + books.heartbeats() - books.rejected().getOrDefault(Reason.UNREADABLE, 0L);
        long begin = System.nanoTime();
        Optional<Status> own = application.status();
        while (own.filter(status -> status.ingested() >= taken).isEmpty()
                && System.nanoTime() - begin < METRICS_NANOS) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            own = application.status();
        }
        lastFrameNanos = 0;
        frame(cluster, application, view, sender);
        return own;
    }

    private void frame(Cluster cluster, ApplicationProcess application, CommittedView view, Sender sender) {
        long now = System.nanoTime();
        if (now - lastFrameNanos < FRAME_NANOS) {
            return;
        }
        lastFrameNanos = now;
        check(cluster, application);
        view.checkAlive();
        var frame = new Frame(
                seconds(),
                sender.sent(),
                settings.input().count(),
                application.status(),
                view.books(application.openWindowsLast()));
        news.look(frame);
        spectator.show(frame);
    }

    private static void check(Cluster cluster, ApplicationProcess application) {
        cluster.checkAlive();
        application.checkAlive();
    }

    private void say(String line) {
        spectator.say(seconds(), line);
    }

    private double seconds() {
        return (System.nanoTime() - beginNanos) / 1e9;
    }
}
