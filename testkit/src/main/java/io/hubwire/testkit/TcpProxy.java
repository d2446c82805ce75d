package io.hubwire.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bad network between clients and a server on this machine: passes on what each says to the other, until a test cuts,
 * stalls or half-closes what runs through it.
 *
 * <p>Clients connect to {@link #port}; each of their sockets is a {@link Link} to one of the server's. Safe for any thread.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;
    private static final int BACKLOG = 1024;

    private final ServerSocket door;
    private final int target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    private TcpProxy(int target) {
        this.target = target;
        try {
            door = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** Stands before the server at a port of this machine. */
    public static TcpProxy to(int port) {
        return new TcpProxy(port);
    }

    /** Where clients connect. */
    public int port() {
        return door.getLocalPort();
    }

    /** The links that are there now: those of which neither socket has been closed. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Thread.startVirtualThread(() -> link(client));
            }
        } catch (IOException closed) {
            // nobody comes through this door any more
        }
    }

    private void link(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Link link = new Link(client, server);
            links.add(link);
            if (door.isClosed()) {
                link.cut();
            }
            Thread.startVirtualThread(() -> link.pass(client, server, true));
            link.pass(server, client, false);
        } catch (IOException noServer) {
            reset(client);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closedAlready) {
            // is what was wanted
        }
    }

    /** Lets nobody through any more, and cuts every link. */
    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        links().forEach(Link::cut);
    }

    /** One client's way to the server and back. */
    public final class Link {

        private final Socket client;
        private final Socket server;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition passable = lock.newCondition();
        private boolean stalled;
        private boolean closed;
        private volatile boolean answered;
        private volatile boolean inUse;

        private Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /** Whether the client has said something after the server's first answer: to a WebSocket, that it is open. */
        public boolean isInUse() {
            return inUse;
        }

        /** Resets both sockets: either side finds the other gone, and what is on its way is lost. */
        public void cut() {
            end();
            reset(client);
            reset(server);
        }

        /** Resets the client's socket, and tells the server nothing: it goes on talking to nobody. */
        public void cutClient() {
            stall();
            reset(client);
        }

        /** Passes nothing on any more, either way, until {@link #resume}. Nobody is told. */
        public void stall() {
            lock.lock();
            try {
                stalled = true;
            } finally {
                lock.unlock();
            }
        }

        /** Passes on what had to wait, and what comes. */
        public void resume() {
            lock.lock();
            try {
                stalled = false;
                passable.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** Tells the server that the client says nothing more; what the server says still comes through. */
        public void shutDownToServer() {
            shutDown(server);
        }

        /** Tells the client that the server says nothing more; what the client says still comes through. */
        public void shutDownToClient() {
            shutDown(client);
        }

        private void shutDown(Socket socket) {
            try {
                socket.shutdownOutput();
            } catch (IOException closedAlready) {
                // more than was wanted
            }
        }

        private void end() {
            lock.lock();
            try {
                closed = true;
                passable.signalAll();
            } finally {
                lock.unlock();
            }
            links.remove(this);
        }

        private void pass(Socket from, Socket to, boolean upwards) {
            byte[] bytes = new byte[BUFFER];
            try {
                for (int count = from.getInputStream().read(bytes);
                        count >= 0 && mayPass();
                        count = from.getInputStream().read(bytes)) {
                    // Noted before it is passed on: what the other side says to it comes later.
                    if (!upwards) {
                        answered = true;
                    } else if (answered) {
                        inUse = true;
                    }
                    to.getOutputStream().write(bytes, 0, count);
                }
                ended(to);
            } catch (IOException lost) {
                broken(from);
            }
        }

        /** One side has said everything. */
        private void ended(Socket to) throws IOException {
            if (!mayPass()) {
                return;
            }
            to.shutdownOutput();
            if (client.isOutputShutdown() && server.isOutputShutdown()) {
                end();
                client.close();
                server.close();
            }
        }

        /** One side is gone: the other hears of it, unless nothing is passed on. */
        private void broken(Socket from) {
            if (mayPass()) {
                cut();
            } else {
                reset(from);
            }
        }

        /** Waits while nothing is passed on; false when there is no way any more. */
        private boolean mayPass() {
            lock.lock();
            try {
                while (stalled && !closed) {
                    passable.awaitUninterruptibly();
                }
                return !closed;
            } finally {
                lock.unlock();
            }
        }
    }
}
