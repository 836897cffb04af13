package org.dartscc.infra;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports of the loopback interface. */
public final class LoopbackPorts {
    private LoopbackPorts() {}

    /** Distinct ports that were free a moment ago. */
    public static List<Integer> free(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    /**
     * Checks that nobody listens on a port, before anything is started that could not be stopped cleanly.
     *
     * @throws BindException when the port is taken, in words for a user
     */
    public static void requireFree(int port) throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (BindException e) {
            var taken = new BindException("port " + port + " of 127.0.0.1 is taken by another program");
            taken.initCause(e);
            throw taken;
        }
    }
}
