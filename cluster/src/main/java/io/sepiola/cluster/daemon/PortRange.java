package io.sepiola.cluster.daemon;

import io.sepiola.base.Shard;
import io.sepiola.messenger.MessengerException;
import io.sepiola.messenger.Transport;

import java.net.InetSocketAddress;

/**
 * The ports among which a daemon takes the first free one for each of its listeners, so that a
 * firewall can know them.
 *
 * @param min the first
 * @param max the last
 */
record PortRange(int min, int max) {
    /** The same transport, whose listeners at port 0 get one of these ports. */
    Transport over(Transport outside) {
        return new Transport() {
            @Override
            public Listener listen(InetSocketAddress at, Shard shard, Acceptor acceptor) {
                return at.getPort() == 0
                        ? first(outside, at, shard, acceptor)
                        : outside.listen(at, shard, acceptor);
            }

            @Override
            public void connect(InetSocketAddress to, Shard shard, Handler handler) {
                outside.connect(to, shard, handler);
            }

            @Override
            public void close() {
                outside.close();
            }
        };
    }

    private Transport.Listener first(
            Transport outside, InetSocketAddress at, Shard shard, Transport.Acceptor acceptor) {
        for (int port = min; ; port++) {
            try {
                return outside.listen(
                        new InetSocketAddress(at.getAddress(), port), shard, acceptor);
            } catch (MessengerException taken) {
                if (port == max) {
                    throw new MessengerException(
                            "no port of "
                                    + min
                                    + " to "
                                    + max
                                    + " can be had at "
                                    + at.getAddress().getHostAddress()
                                    + "; check the address, or move ms_bind_port_min and"
                                    + " ms_bind_port_max",
                            taken);
                }
            }
        }
    }
}
