package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/** A transport whose other end is the test: it takes what is written, and says what comes. */
final class RecordedTransport implements Transport {
    @Nullable Handler dialledOrNull;
    @Nullable InetSocketAddress targetOrNull;
    @Nullable Acceptor acceptorOrNull;

    @Override
    public Listener listen(InetSocketAddress at, Shard shard, Acceptor acceptor) {
        acceptorOrNull = acceptor;
        return new Listener() {
            @Override
            public InetSocketAddress address() {
                return at;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void connect(InetSocketAddress to, Shard shard, Handler handler) {
        dialledOrNull = handler;
        targetOrNull = to;
    }

    @Override
    public void close() {}

    /** One link, seen from the messenger's side. */
    static final class End implements Link {
        private final Shard shard;
        private final InetSocketAddress local;
        private final InetSocketAddress remote;
        private final ByteQueue incoming = new ByteQueue();
        private Encoder written = new Encoder();
        boolean closed;

        End(Shard shard, InetSocketAddress local, InetSocketAddress remote) {
            this.shard = shard;
            this.local = local;
            this.remote = remote;
        }

        /** What was written since this was last asked. */
        Bytes written() {
            Bytes bytes = written.toBytes();
            written = new Encoder();
            return bytes;
        }

        void say(Handler handler, Bytes bytes) {
            incoming.add(bytes);
            handler.received(incoming);
        }

        int unread() {
            return incoming.available();
        }

        @Override
        public Shard shard() {
            return shard;
        }

        @Override
        public InetSocketAddress remote() {
            return remote;
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public void write(Bytes bytes) {
            written.raw(bytes);
        }

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void readable(boolean wanted) {}

        @Override
        public void close() {
            closed = true;
        }
    }
}
