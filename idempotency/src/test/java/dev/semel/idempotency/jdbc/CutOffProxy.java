package dev.semel.idempotency.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A way to a database that can be cut off: connections break, and no other comes about, until it is mended. */
final class CutOffProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private boolean cut;

    private CutOffProxy(int port) throws IOException {
        this.port = port;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    static CutOffProxy to(DataSource database) throws IOException {
        return new CutOffProxy(((PGSimpleDataSource) database).getPortNumbers()[0]);
    }

    /** The same database, by this way. */
    DataSource source(DataSource database) {
        var source = new PGSimpleDataSource();
        source.setURL(((PGSimpleDataSource) database).getURL());
        source.setServerNames(new String[] {"localhost"});
        source.setPortNumbers(new int[] {server.getLocalPort()});
        source.setUser(((PGSimpleDataSource) database).getUser());
        return source;
    }

    synchronized void cut() {
        cut = true;
        sockets.forEach(CutOffProxy::end);
    }

    synchronized void mend() {
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                connect(client);
            }
        } catch (IOException e) {
            // It was closed.
            sockets.forEach(CutOffProxy::end);
        }
    }

    private synchronized void connect(Socket client) throws IOException {
        if (cut) {
            end(client);
            return;
        }
        var database = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(client);
        sockets.add(database);
        thread(() -> pass(client, database));
        thread(() -> pass(database, client));
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // It was cut, or one end has closed.
            end(to);
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void thread(Runnable task) {
        var thread = new Thread(task, "cut-off-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
