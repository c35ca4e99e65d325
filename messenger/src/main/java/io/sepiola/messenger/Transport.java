package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.Message;

import java.net.InetSocketAddress;

/**
 * Carries bytes both ways: TCP, or within the process, or simulated. Everything about one link runs
 * on one {@link Shard}, the link's event loop.
 */
public interface Transport extends AutoCloseable {
    /**
     * Listens. Any thread may call, but for the transport's own shards.
     *
     * @param at the port may be 0 for any free one
     * @param shard on which every link that comes in shall live; one that the transport knows
     * @param acceptor asked, on that shard, for the handler of each link that comes in
     * @return what is listened to
     * @throws MessengerException when the address cannot be had
     */
    Listener listen(InetSocketAddress at, Shard shard, Acceptor acceptor);

    /**
     * Dials; the link lives on {@code shard}, one that the transport knows. Any thread may call.
     */
    void connect(InetSocketAddress to, Shard shard, Handler handler);

    /**
     * Told of each message that a messenger hands up, on the link's shard. Simulations trace it.
     */
    default void delivered(EntityName to, EntityName from, Message message) {}

    /** Closes everything. */
    @Override
    void close();

    /** Something listened to. */
    interface Listener extends AutoCloseable {
        /** With the real port. */
        InetSocketAddress address();

        @Override
        void close();
    }

    /** Gives each incoming link its handler. */
    interface Acceptor {
        /** Called on the link's shard. */
        Handler accept(InetSocketAddress from);
    }

    /** An open stream of bytes. Called on its shard only, but for {@link #shard}. */
    interface Link {
        /** The link's event loop. */
        Shard shard();

        /** Where the other end is. */
        InetSocketAddress remote();

        /** Our end. */
        InetSocketAddress local();

        /** Queues bytes for writing, by reference; those that are lent go back afterwards. */
        void write(Bytes bytes);

        /** Bytes queued and not yet handed to the network. */
        long queuedBytes();

        /**
         * Stops and resumes reading, for back-pressure. What has come and was not taken is shown
         * again after resuming.
         */
        void readable(boolean wanted);

        /** Closes after what is queued; the handler hears {@link Handler#closed}. */
        void close();
    }

    /** Hears of one link, on its shard. */
    interface Handler {
        /** The link stands. */
        void opened(Link link);

        /** Bytes came: takes what it can use, the rest is kept and shown again with the next. */
        void received(Source source);

        /** The link is gone, or never came about; the last call. */
        void closed(Cause cause);
    }

    /** Why a link is gone. */
    enum Cause {
        /** Nobody listens there. */
        REFUSED,
        /** It broke, or the other end closed it. */
        BROKEN,
        /** We closed it. */
        CLOSED
    }

    /** Bytes that have come and wait to be taken. */
    interface Source {
        /** How many there are. */
        int available();

        /** Takes exactly {@code size} of them; by reference where the transport can. */
        Bytes take(int size);

        /** Takes exactly {@code size} of them into an array. */
        void read(byte[] target, int offset, int size);
    }
}
