package dev.semel.testkit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * The main class of a child JVM: runs the main class that its first argument names, and halts when its parent is gone.
 *
 * <p>The parent holds the other end of standard input. However the parent ends, be it by {@code kill -9}, the operating
 * system closes that end, and the read here returns.
 */
public final class ChildMain {

    /** The exit code of a child whose parent is gone. */
    public static final int ORPHANED = 99;

    private ChildMain() {}

    /**
     * Runs a main class.
     *
     * @param args the name of the main class, then its arguments
     * @throws Throwable what the main class throws
     */
    public static void main(String[] args) throws Throwable {
        haltWithParent(System.in);
        System.setIn(InputStream.nullInputStream());
        Method main = Class.forName(args[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void haltWithParent(InputStream parent) {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (parent.read() >= 0) {
                            // Whatever the parent might write, only the end counts.
                        }
                    } catch (IOException e) {
                        // A broken pipe says the same as its end.
                    }
                    Runtime.getRuntime().halt(ORPHANED);
                },
                "semel-testkit-parent-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
