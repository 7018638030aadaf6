package dev.semel.idempotency.internal.jdbc;

import dev.semel.idempotency.internal.database.SqlFailure;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection as a handler sees it: without a say in its transaction, and of no use when the attempt is over.
 *
 * <p>A handler that rolled back would take the mark away, and one that committed would have its effect although it may fail yet. Such a
 * call fails the attempt even where the handler catches the exception: it has asked for something that did not happen.
 *
 * <p>Its statements and metadata lead back to it. Unwrapping to a driver's own type leads past it, and so does the statement of a result
 * set: what is done there is the handler's to answer for.
 */
final class HandlerConnection implements InvocationHandler {

    private static final Logger log = LoggerFactory.getLogger(HandlerConnection.class);

    private final Connection connection;
    private final Connection seen;

    /** One that runs is held by who runs it; the others need not be. */
    private final Set<Statement> statements =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile boolean ended;
    private volatile @Nullable SQLException refused;

    HandlerConnection(Connection connection) {
        this.connection = connection;
        this.seen = (Connection)
                Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
    }

    /** What the handler is given. */
    Connection seen() {
        return seen;
    }

    /** From here on it is of no use. Called by any thread. */
    void end() {
        ended = true;
    }

    /**
     * Has the database give up what the handler runs there. A server may not notice that its client has gone before it comes to the end
     * of a statement; until then it would hold the event's mark, and whoever wants to give the event up would wait. Called by any
     * thread; may block.
     */
    void cancelStatements() {
        List<Statement> running;
        synchronized (statements) {
            running = List.copyOf(statements);
        }
        for (Statement statement : running) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // It is closed already, its driver cannot do that, or the database is away. The connection is broken
                // off next.
                log.debug("A statement of the handler could not be cancelled: {}", SqlFailure.told(e), e);
            }
        }
    }

    /** What the handler has asked for and must not have, if anything. */
    @Nullable SQLException refused() {
        return refused;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        int given = arguments == null ? 0 : arguments.length;
        switch (method.getName()) {
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "toString" -> {
                return "the handler's view of " + connection;
            }
            case "isClosed" -> {
                return ended || connection.isClosed();
            }
            case "commit", "close", "abort" -> throw refuse(method);
            case "unwrap" -> {
                if (isFor(arguments, proxy)) {
                    return proxy;
                }
            }
            case "rollback" -> {
                if (given == 0) {
                    throw refuse(method);
                }
            }
            case "setAutoCommit" -> {
                if (arguments != null && Boolean.TRUE.equals(arguments[0])) {
                    throw refuse(method);
                }
            }
            default -> {
                // Everything else is the handler's to do.
            }
        }
        if (ended) {
            throw new SQLException(
                    "the attempt that this connection was given to is over, and has ended its transaction: use it"
                            + " within the handler's call only");
        }
        @Nullable Object result = call(connection, method, arguments);
        if (result instanceof Statement statement) {
            statements.add(statement);
        }
        return result instanceof Statement || result instanceof DatabaseMetaData
                ? leadingBack(method.getReturnType(), result)
                : result;
    }

    /** The same, whose connection is this one: whoever asks a statement for its connection would have the real one else. */
    private Object leadingBack(Class<?> type, Object real) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "equals" -> {
                    return arguments != null && proxy == arguments[0];
                }
                case "getConnection" -> {
                    return seen;
                }
                case "unwrap" -> {
                    return isFor(arguments, proxy) ? proxy : call(real, method, arguments);
                }
                default -> {
                    return call(real, method, arguments);
                }
            }
        });
    }

    /** Whether this can be had without being unwrapped. */
    private static boolean isFor(@Nullable Object @Nullable [] arguments, Object proxy) {
        return arguments != null && arguments[0] instanceof Class<?> type && type.isInstance(proxy);
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private SQLException refuse(Method method) {
        var refusal = new SQLException("the handler must not call " + method.getName()
                + " on its connection: the event's mark is in the same transaction, which is committed when the handler returns, and"
                + " rolled back where it throws; use a savepoint to undo a part");
        if (refused == null) {
            refused = refusal;
        }
        return refusal;
    }
}
