package dev.semel.idempotency.internal.database;

import dev.semel.core.failure.StartupException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Asks the database until it answers, or there is no time left. On another thread, since a pool may take longer to hand out a connection
 * than there is time.
 */
public final class Patience {

    private static final long PAUSE_MS = 250;

    private final String what;
    private final ExecutorService executor;
    private final Supplier<Duration> left;

    /**
     * Somebody who asks.
     *
     * @param what is kept there, for messages
     * @param left how much of the time is left
     */
    public Patience(String what, ExecutorService executor, Supplier<Duration> left) {
        this.what = what;
        this.executor = executor;
        this.left = left;
    }

    /**
     * Asks.
     *
     * @throws StartupException where there is no answer in time, or one that waiting does not change
     */
    public <T> T ask(Callable<T> question) throws InterruptedException {
        while (true) {
            Exception failure;
            Future<T> answer = executor.submit(question);
            try {
                return answer.get(left.get().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                answer.cancel(true);
                throw unusable("did not answer in the time for the start", e);
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof Exception cause ? cause : e;
            }
            if (failure instanceof StartupException told) {
                throw told;
            }
            if (!mayPass(failure) || left.get().toMillis() <= PAUSE_MS) {
                throw unusable("cannot be used: " + SqlFailure.told(failure), failure);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    private StartupException unusable(String why, Exception cause) {
        return new StartupException(
                "the database of the " + what + " " + why
                        + "; look at the data source that was given, and at the permissions of its user",
                cause);
    }

    private static boolean mayPass(Exception failure) {
        return failure instanceof SQLException sql
                && SqlFailure.of(sql) != SqlFailure.DATA
                && !SqlFailure.isRefusal(sql);
    }
}
