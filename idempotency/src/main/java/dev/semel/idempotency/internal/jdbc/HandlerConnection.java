package dev.semel.idempotency.internal.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The connection as a handler sees it: without a say in its transaction, and of no use when the attempt is over.
 *
 * <p>A handler that rolled back would take the mark away, and one that committed would have its effect although it may fail yet. Such a
 * call fails the attempt even where the handler catches the exception: it has asked for something that did not happen.
 */
final class HandlerConnection implements InvocationHandler {

    private final Connection connection;
    private final Connection seen;
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
        try {
            return method.invoke(connection, arguments);
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
