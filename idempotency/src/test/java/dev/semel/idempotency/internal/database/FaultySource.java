package dev.semel.idempotency.internal.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source that fails as it is told, and knows how its connections were handed back. */
public final class FaultySource {

    private final DataSource real;

    /** Thrown by the next commit, after the database has committed. */
    public volatile @Nullable SQLException answerLost;

    /** Thrown by the next commit, which does not come through. */
    public volatile @Nullable SQLException commitFails;

    /** No connections are to be had. */
    public volatile boolean exhausted;

    /** Thrown instead of a connection. */
    public volatile @Nullable SQLException noConnection;

    /** With what each statement fails, where it is to. */
    public volatile @Nullable String refusedState;

    /** The mode in which connections are handed out. */
    public volatile boolean autoCommit = true;

    /** As with a driver that has it not. */
    public volatile boolean cannotAbort;

    public final AtomicInteger lent = new AtomicInteger();
    public final AtomicInteger handedBackOtherwise = new AtomicInteger();
    public final AtomicInteger aborted = new AtomicInteger();

    public FaultySource(DataSource real) {
        this.real = real;
    }

    public DataSource source() {
        return proxy(DataSource.class, (method, arguments) -> {
            if (exhausted && method.equals("getConnection")) {
                throw new SQLTransientConnectionException("no connection available after 30000 ms");
            }
            SQLException refused = noConnection;
            if (refused != null && method.equals("getConnection")) {
                throw refused;
            }
            Object result = arguments.call(real);
            return method.equals("getConnection") ? lend((Connection) result) : result;
        });
    }

    private Connection lend(Connection connection) throws SQLException {
        lent.incrementAndGet();
        connection.setAutoCommit(autoCommit);
        return proxy(Connection.class, (method, call) -> {
            String state = refusedState;
            switch (method) {
                case "prepareStatement" -> {
                    if (state != null) {
                        throw new SQLException("refused", state);
                    }
                }
                case "commit" -> {
                    SQLException refused = commitFails;
                    commitFails = null;
                    if (refused != null) {
                        throw refused;
                    }
                    Object result = call.call(connection);
                    SQLException lost = answerLost;
                    answerLost = null;
                    if (lost != null) {
                        throw lost;
                    }
                    return result;
                }
                case "abort" -> {
                    aborted.incrementAndGet();
                    if (cannotAbort) {
                        throw new SQLFeatureNotSupportedException("abort");
                    }
                }
                case "close" -> {
                    lent.decrementAndGet();
                    if (!connection.isClosed() && connection.getAutoCommit() != autoCommit) {
                        handedBackOtherwise.incrementAndGet();
                    }
                }
                default -> {
                    // As it is.
                }
            }
            return call.call(connection);
        });
    }

    private interface Call {
        @Nullable Object call(Object target) throws Throwable;
    }

    private interface Answer {
        @Nullable Object to(String method, Call call) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                FaultySource.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), target -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }
}
