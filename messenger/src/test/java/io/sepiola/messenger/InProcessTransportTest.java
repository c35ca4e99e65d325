package io.sepiola.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;

class InProcessTransportTest extends NettyTransportTest {
    private final InProcessTransport inProcess = new InProcessTransport(netty);

    @Override
    Transport transport() {
        return inProcess;
    }

    /** Whoever is outside reaches the same listener. */
    @Test
    void theListenerIsReachedFromOutside() {
        Collector there = new Collector(1);
        try (Transport.Listener listener =
                inProcess.listen(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                        far(),
                        from -> there)) {
            Collector outside = new Collector(1);
            netty.connect(listener.address(), near(), outside);
            await(outside::isOpen);
            on(near(), () -> outside.link().write(Bytes.utf8("knock")));
            await(() -> there.size() == 5);
            assertThat(there.bytes()).isEqualTo(Bytes.utf8("knock"));
        }
    }

    /** A large payload is the same array on both ends. */
    @Test
    void bytesPassByReference() {
        byte[] payload = new byte[4 << 20];
        byte[][] seen = new byte[1][];
        Transport.Handler there =
                new Transport.Handler() {
                    @Override
                    public void opened(Transport.Link link) {}

                    @Override
                    public void received(Transport.Source source) {
                        source.take(source.available())
                                .forEachPiece((array, offset, length) -> {
                                    synchronized (seen) {
                                        seen[0] = array;
                                    }
                                });
                    }

                    @Override
                    public void closed(Transport.Cause cause) {}
                };
        try (Transport.Listener listener =
                inProcess.listen(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                        far(),
                        from -> there)) {
            Collector here = new Collector(1);
            inProcess.connect(listener.address(), near(), here);
            await(here::isOpen);
            on(near(), () -> here.link().write(Bytes.of(payload)));
            await(() -> {
                synchronized (seen) {
                    return seen[0] != null;
                }
            });
            assertThat(seen[0]).isSameAs(payload);
        }
    }
}
