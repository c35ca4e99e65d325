package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.Utime;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * What runs beside the daemons, such as gateways.
 *
 * <p>ServiceMap := S(1/1){epoch:u32 modified:utime services:map(string, Service)}; Service :=
 * S(1/1){daemons:map(string, Daemon) summary:string}; Daemon := S(2/1){gid:u64 EntityAddr
 * start-epoch:u32 start:utime metadata:map(string, string) task-status:map(string, string)}.
 */
final class ServiceMaps {
    /** None. */
    static final Bytes EMPTY =
            new Encoder()
                    .struct(
                            1,
                            1,
                            body -> {
                                Utime.CODEC.encode(Utime.ZERO, body.u32(1));
                                body.u32(0);
                            })
                    .toBytes();

    private ServiceMaps() {}

    /** As {@code ceph status} shows it; what cannot be read is shown as none. */
    static ObjectNode json(Bytes encoded) {
        try {
            return new Decoder(encoded).struct(1, (v, body) -> decode(body));
        } catch (Malformed unreadable) {
            return decode(new Decoder(EMPTY.slice(6)));
        }
    }

    private static ObjectNode decode(Decoder in) {
        ObjectNode node = JsonText.object();
        node.put("epoch", in.u32());
        node.put("modified", Units.stamp(Utime.CODEC.decode(in)));
        ObjectNode services = node.putObject("services");
        int count = in.count(7);
        for (int i = 0; i < count; i++) {
            String name = in.string();
            services.set(name, in.struct(1, (v, body) -> service(body)));
        }
        return node;
    }

    private static ObjectNode service(Decoder in) {
        ObjectNode node = JsonText.object();
        ObjectNode daemons = node.putObject("daemons");
        int count = in.count(7);
        for (int i = 0; i < count; i++) {
            String name = in.string();
            daemons.set(name, in.struct(2, ServiceMaps::daemon));
        }
        daemons.put("summary", in.string());
        return node;
    }

    private static ObjectNode daemon(int version, Decoder in) {
        ObjectNode node = JsonText.object();
        long gid = in.u64();
        EntityAddr addr = EntityAddr.CODEC.decode(in);
        node.put("start_epoch", in.u32());
        node.put("start_stamp", Units.stamp(Utime.CODEC.decode(in)));
        node.put("gid", gid).put("addr", addr.toString());
        ObjectNode metadata = node.putObject("metadata");
        Map<String, String> texts = in.map(Primitives.STRING, Primitives.STRING);
        texts.forEach(metadata::put);
        ObjectNode tasks = node.putObject("task_status");
        if (version >= 2) {
            Map<String, String> status = in.map(Primitives.STRING, Primitives.STRING);
            status.forEach(tasks::put);
        }
        return node;
    }
}
