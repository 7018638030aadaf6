package dev.semel.idempotency;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Lets a test stand before and behind each commit of a data source's connections. */
final class Commits {

    enum Step {
        BEFORE,
        AFTER
    }

    @FunctionalInterface
    interface Watcher {
        void at(Connection connection, Step step) throws SQLException;
    }

    private Commits() {}

    static DataSource watched(DataSource delegate, Watcher watcher) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = call(delegate, method, arguments);
            return result instanceof Connection connection ? watched(connection, watcher) : result;
        });
    }

    private static Connection watched(Connection delegate, Watcher watcher) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            boolean commits = method.getName().equals("commit");
            if (commits) {
                watcher.at(delegate, Step.BEFORE);
            }
            Object result = call(delegate, method, arguments);
            if (commits) {
                watcher.at(delegate, Step.AFTER);
            }
            return result;
        });
    }

    private static Object call(Object delegate, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(delegate, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Commits.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
