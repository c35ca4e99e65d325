package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.client.IoContext;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/** The gateway's three pools, opened. Immutable; may be shared. */
public record Pools(IoContext meta, IoContext index, IoContext data) {
    private static final Logger LOG = LoggerFactory.getLogger(Pools.class);
    private static final String META = ".sepiola.s3.meta";
    private static final String INDEX = ".sepiola.s3.index";
    private static final String DATA = ".sepiola.s3.data";

    static final String USERS = "users";
    static final String BUCKETS = "buckets";
    static final String SESSIONS = "sessions";

    /** Opens the pools, after making what is missing of them and of their fixed objects. */
    public static Pools open(Rados rados) {
        // A full cluster refuses what would add data and takes deletions; waiting would hinder
        // both.
        IoContext meta = pool(rados, META).failingWhenFull();
        IoContext index = pool(rados, INDEX).failingWhenFull();
        IoContext data = pool(rados, DATA).failingWhenFull();
        // A compare on an object that is not there fails with ENOENT, so these must be.
        List.of(USERS, BUCKETS, SESSIONS).stream()
                .map(name -> meta.write().create(false).submit(name))
                .toList()
                .forEach(Await::on);
        return new Pools(meta, index, data);
    }

    private static IoContext pool(Rados rados, String name) {
        try {
            return Await.on(rados.open(name));
        } catch (RadosException absent) {
            if (absent.errno() != Errno.ENOENT) {
                throw absent;
            }
        }
        try {
            Await.on(rados.createPool(name));
        } catch (RadosException other) {
            if (other.errno() != Errno.EEXIST) {
                throw other;
            }
        }
        String command =
                "{\"prefix\":\"osd pool application enable\",\"pool\":\""
                        + name
                        + "\",\"app\":\"rgw\"}";
        Rados.CommandReply reply = Await.on(rados.monitorCommand(command, Bytes.EMPTY));
        if (reply.result() != 0) {
            LOG.warn("pool {} is not marked as the gateway's: {}", name, reply.text());
        }
        return Await.on(rados.open(name));
    }
}
