package dev.semel.idempotency.lease;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source that lets a test stand before and behind each step of ours that the database is asked for, and fail there. */
final class FaultyDatabase {

    private static final Set<String> STEPS = Set.of("getConnection", "executeQuery", "executeUpdate", "commit");

    @FunctionalInterface
    interface Fault {
        Fault NONE = (step, connection) -> {};

        /**
         * At a step.
         *
         * @param step its method's name; with "after " before it where it has come about
         * @param connection on which; null before there is one
         */
        void at(String step, @Nullable Connection connection) throws SQLException;
    }

    private final DataSource source;
    private volatile Fault fault = Fault.NONE;

    FaultyDatabase(DataSource real) {
        source = proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = step(null, real, method, arguments);
            return result instanceof Connection connection ? watched(connection) : result;
        });
    }

    DataSource source() {
        return source;
    }

    void fault(Fault now) {
        fault = now;
    }

    private Connection watched(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object result = step(connection, connection, method, arguments);
            return result instanceof PreparedStatement statement ? watched(connection, statement) : result;
        });
    }

    private PreparedStatement watched(Connection connection, PreparedStatement statement) {
        return proxy(
                PreparedStatement.class, (proxy, method, arguments) -> step(connection, statement, method, arguments));
    }

    private @Nullable Object step(
            @Nullable Connection connection, Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        boolean isStep = STEPS.contains(method.getName());
        if (isStep) {
            fault.at(method.getName(), connection);
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (isStep) {
            fault.at("after " + method.getName(), connection);
        }
        return result;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FaultyDatabase.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
