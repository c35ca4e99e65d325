package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.osd.MonCommandSignature;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A manager lives and wants to be active.
 *
 * <p>MMgrBeacon := PaxosPrefix EntityAddrVec gid:u64 available:bool name:string fsid, list of
 * module:string, list of MonCommandSignature, metadata and services: map of string to string, list
 * of ModuleInfo, features:u64, clients:list of EntityAddrVec, client names:list of string.
 *
 * @param services web addresses by name
 * @param clients of the modules
 */
public record MMgrBeacon(
        long version,
        EntityAddrVec addrs,
        long gid,
        boolean available,
        String name,
        UUID fsid,
        List<String> moduleNames,
        List<MonCommandSignature> commands,
        Map<String, String> metadata,
        Map<String, String> services,
        List<MgrMap.ModuleInfo> modules,
        long features,
        List<EntityAddrVec> clients,
        List<String> clientNames)
        implements Message {
    static final MessageCodec<MMgrBeacon> CODEC =
            MessageCodec.of(
                    1795,
                    11,
                    8,
                    MMgrBeacon.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        EntityAddrVec.CODEC.encode(m.addrs, out);
                        out.u64(m.gid);
                        out.bool(m.available);
                        out.string(m.name);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.list(m.moduleNames, Primitives.STRING);
                        out.list(m.commands, MonCommandSignature.CODEC);
                        out.map(m.metadata, Primitives.STRING, Primitives.STRING);
                        out.map(m.services, Primitives.STRING, Primitives.STRING);
                        out.list(m.modules, MgrMap.ModuleInfo.CODEC);
                        out.u64(m.features);
                        out.list(m.clients, EntityAddrVec.CODEC);
                        out.list(m.clientNames, Primitives.STRING);
                    },
                    (in, head) ->
                            new MMgrBeacon(
                                    PaxosPrefix.decode(in),
                                    EntityAddrVec.CODEC.decode(in),
                                    in.u64(),
                                    in.bool(),
                                    in.string(),
                                    UuidCodec.CODEC.decode(in),
                                    in.list(Primitives.STRING),
                                    in.list(MonCommandSignature.CODEC),
                                    in.map(Primitives.STRING, Primitives.STRING),
                                    in.map(Primitives.STRING, Primitives.STRING),
                                    in.list(MgrMap.ModuleInfo.CODEC),
                                    in.u64(),
                                    in.list(EntityAddrVec.CODEC),
                                    in.list(Primitives.STRING)));
}
