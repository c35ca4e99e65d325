package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.osd.OsdOp.Args;
import io.sepiola.protocol.osd.OsdOp.Unknown;

import java.util.List;

/**
 * The layouts of the operations. Each is a head of 38 bytes, and a payload in the message's data:
 *
 * <pre>
 * Head     := code:u16 flags:u32 Args payloadSize:u32
 * Args     := 28 bytes, by kind, the rest zero:
 *   extent    offset:u64 length:u64 truncateSize:u64 truncateSeq:u32
 *   xattr     nameSize:u32 valueSize:u32 comparison:u8 mode:u8      payload: name, value
 *   call      classSize:u8 methodSize:u8 u8 0, inputSize:u32        payload: class, method, input
 *   list      countMax:u64 startEpoch:u32                           payload: HObject
 *   watch     cookie:u64 u64 0, action:u8 generation:u32 timeout:u32
 *   notify    cookie:u64                                            payload: u32 1, timeout:u32, blob
 *   copyFrom  snap:u64 version:u64 flags:u8 sourceFlags:u32         payload: name, ObjectLocator
 *   hint      objectSize:u64 writeSize:u64 flags:u32
 *   checksum  offset:u64 length:u64 chunkSize:u32 kind:u8           payload: initial value
 * omap operations have their payload's size as the extent's length.
 * </pre>
 */
public final class OsdOpCodec {
    /** Of a head, in bytes. */
    public static final int HEAD_SIZE = 38;

    private OsdOpCodec() {}

    /** Writes the head, and gives the payload that belongs to it. */
    public static Bytes encode(OsdOp op, Encoder out) {
        Unknown raw = toRaw(op);
        encodeHead(raw.code(), raw.flags(), raw.args(), raw.payload().size(), out);
        return raw.payload();
    }

    static void encodeHead(int code, int flags, Args args, int payloadSize, Encoder out) {
        out.u16(code)
                .u32(flags)
                .u64(args.a())
                .u64(args.b())
                .u64(args.c())
                .u32(args.d())
                .u32(payloadSize);
    }

    static Args decodeArgs(Decoder in) {
        return new Args(in.u64(), in.u64(), in.u64(), in.u32());
    }

    /** The operation as code, arguments and payload. */
    public static Unknown toRaw(OsdOp op) {
        return switch (op) {
            case OsdOp.Write w ->
                    extent(
                            0x2201,
                            w.offset(),
                            w.truncateSize(),
                            w.truncateSeq(),
                            w.data(),
                            w.flags());
            case OsdOp.Read r ->
                    raw(
                            0x1201,
                            r.offset(),
                            r.length(),
                            r.truncateSize(),
                            r.truncateSeq(),
                            r.flags());
            case OsdOp.WriteFull w -> extent(0x2202, 0, 0, 0, w.data(), w.flags());
            case OsdOp.Stat s -> raw(0x1202, 0, 0, 0, 0, s.flags());
            case OsdOp.SetAllocationHint h ->
                    raw(
                            0x2223,
                            h.expectedObjectSize(),
                            h.expectedWriteSize(),
                            h.hintFlags() & 0xffffffffL,
                            0,
                            h.flags());
            case OsdOp.Append a -> extent(0x2206, 0, 0, 0, a.data(), a.flags());
            case OsdOp.Create c -> raw(0x220d, 0, 0, 0, 0, c.flags());
            case OsdOp.Delete d -> raw(0x2205, 0, 0, 0, 0, d.flags());
            case OsdOp.GetXattr g -> xattr(0x1301, g.name(), Bytes.EMPTY, 0, g.flags());
            case OsdOp.GetXattrs g -> raw(0x1302, 0, 0, 0, 0, g.flags());
            case OsdOp.SetXattr s -> xattr(0x2301, s.name(), s.value(), 0, s.flags());
            case OsdOp.RemoveXattr r -> xattr(0x2304, r.name(), Bytes.EMPTY, 0, r.flags());
            case OsdOp.CompareXattr c ->
                    xattr(
                            0x1303,
                            c.name(),
                            c.value(),
                            c.comparison() & 0xff | (c.mode() & 0xff) << 8,
                            c.flags());
            case OsdOp.Call c -> call(c);
            case OsdOp.SparseRead r ->
                    raw(
                            0x1205,
                            r.offset(),
                            r.length(),
                            r.truncateSize(),
                            r.truncateSeq(),
                            r.flags());
            case OsdOp.MapExtents m -> raw(0x1203, m.offset(), m.length(), 0, 0, m.flags());
            case OsdOp.Checksum c -> checksum(c);
            case OsdOp.CompareExtent c -> extent(0x1220, c.offset(), 0, 0, c.data(), c.flags());
            case OsdOp.WriteSame w ->
                    new Unknown(
                            0x2226,
                            new Args(w.offset(), w.length(), w.data().size(), 0),
                            w.data(),
                            w.flags());
            case OsdOp.Zero z -> raw(0x2204, z.offset(), z.length(), 0, 0, z.flags());
            case OsdOp.Truncate t ->
                    raw(0x2203, t.size(), 0, t.truncateSize(), t.truncateSeq(), t.flags());
            case OsdOp.AssertVersion a -> raw(0x1208, 0, a.version(), 0, 0, a.flags());
            case OsdOp.Rollback r -> raw(0x220e, r.snap(), 0, 0, 0, r.flags());
            case OsdOp.ListWatchers l -> raw(0x1209, 0, 0, 0, 0, l.flags());
            case OsdOp.ListSnaps l -> raw(0x120a, 0, 0, 0, 0, l.flags());
            case OsdOp.IsDirty i -> raw(0x121d, 0, 0, 0, 0, i.flags());
            case OsdOp.Watch w -> watch(w);
            case OsdOp.Unknown u -> u;
            case OsdOp.OmapGetKeys o ->
                    omap(0x1211, payload().string(o.after()).u64(o.countMax()), o);
            case OsdOp.OmapGetVals o ->
                    omap(
                            0x1212,
                            payload().string(o.after()).u64(o.countMax()).string(o.prefix()),
                            o);
            case OsdOp.OmapGetHeader o -> raw(0x1213, 0, 0, 0, 0, o.flags());
            case OsdOp.OmapGetValsByKeys o ->
                    omap(0x1214, payload().list(o.keys(), Primitives.STRING), o);
            case OsdOp.OmapSetVals o ->
                    omap(0x2215, payload().map(o.entries(), Primitives.STRING, Primitives.BLOB), o);
            case OsdOp.OmapSetHeader o -> extent(0x2216, 0, 0, 0, o.header(), o.flags());
            case OsdOp.OmapClear o -> raw(0x2217, 0, 0, 0, 0, o.flags());
            case OsdOp.OmapRemoveKeys o ->
                    omap(0x2218, payload().list(o.keys(), Primitives.STRING), o);
            case OsdOp.OmapRemoveRange o ->
                    omap(0x222c, payload().string(o.first()).string(o.end()), o);
            case OsdOp.OmapCompare o ->
                    omap(0x1219, payload().map(o.assertions(), Primitives.STRING, ASSERTION), o);
            case OsdOp.PgList p ->
                    list(0x1501, p.countMax(), p.startEpoch(), p.cursor(), p.flags());
            case OsdOp.PgNamespaceList p ->
                    list(0x1505, p.countMax(), p.startEpoch(), p.cursor(), p.flags());
            case OsdOp.ListInconsistent l -> new Unknown(0x1507, Args.NONE, l.asked(), l.flags());
            case OsdOp.Notify n -> notify(n);
            case OsdOp.NotifyAck n -> notifyAck(n);
            case OsdOp.CopyFrom c -> copyFrom(c);
            case OsdOp.CopyFrom2 c -> copyFrom2(c);
            case OsdOp.CopyGet c ->
                    new Unknown(0x121e, new Args(c.sizeMax(), 0, 0, 0), c.cursor(), c.flags());
        };
    }

    private static Encoder payload() {
        return new Encoder(128);
    }

    private static Unknown omap(int code, Encoder payload, OsdOp op) {
        return extent(code, 0, 0, 0, payload.toBytes(), op.flags());
    }

    private static Unknown list(
            int code, long countMax, int startEpoch, HObject cursor, int flags) {
        Args args = new Args(countMax, startEpoch & 0xffffffffL, 0, 0);
        return new Unknown(code, args, HObject.CODEC.toBytes(cursor), flags);
    }

    private static Unknown notify(OsdOp.Notify n) {
        Bytes payload = payload().u32(1).u32(n.timeoutSeconds()).blob(n.payload()).toBytes();
        return new Unknown(0x1206, new Args(n.cookie(), 0, 0, 0), payload, n.flags());
    }

    private static Unknown notifyAck(OsdOp.NotifyAck n) {
        Bytes payload = payload().u64(n.notifyId()).u64(n.cookie()).blob(n.answer()).toBytes();
        return new Unknown(0x1207, Args.NONE, payload, n.flags());
    }

    private static Unknown copyFrom(OsdOp.CopyFrom c) {
        Encoder out = payload().string(c.source());
        ObjectLocator.CODEC.encode(c.sourceLocator(), out);
        Args args = copyArgs(c.snap(), c.version(), c.copyFlags(), c.sourceFlags());
        return new Unknown(0x221a, args, out.toBytes(), c.flags());
    }

    private static Unknown copyFrom2(OsdOp.CopyFrom2 c) {
        Encoder out = payload().string(c.source());
        ObjectLocator.CODEC.encode(c.sourceLocator(), out);
        out.u32(c.truncateSeq()).u64(c.truncateSize());
        Args args = copyArgs(c.snap(), c.version(), c.copyFlags(), c.sourceFlags());
        return new Unknown(0x222d, args, out.toBytes(), c.flags());
    }

    /**
     * The operation that code, arguments and payload make; the argument itself where they make
     * none.
     */
    public static OsdOp fromRaw(Unknown raw) {
        try {
            return parse(raw.code(), raw.args(), raw.payload(), raw.flags(), raw);
        } catch (Malformed payload) {
            return raw; // the OSD refuses this one operation, with the others of its message
        }
    }

    private static OsdOp parse(int code, Args args, Bytes payload, int flags, Unknown raw) {
        long a = args.a();
        long b = args.b();
        long c = args.c();
        int d = args.d();
        return switch (code) {
            case 0x1201 -> new OsdOp.Read(a, b, c, d, flags);
            case 0x2201 -> b == payload.size() ? new OsdOp.Write(a, c, d, payload, flags) : raw;
            case 0x2202 -> b == payload.size() ? new OsdOp.WriteFull(payload, flags) : raw;
            case 0x1202 -> new OsdOp.Stat(flags);
            case 0x2223 -> new OsdOp.SetAllocationHint(a, b, (int) c, flags);
            case 0x2206 -> b == payload.size() ? new OsdOp.Append(payload, flags) : raw;
            case 0x2204 -> new OsdOp.Zero(a, b, flags);
            case 0x2203 -> new OsdOp.Truncate(a, c, d, flags);
            case 0x220d -> new OsdOp.Create(flags);
            case 0x2205 -> new OsdOp.Delete(flags);
            case 0x1203 -> new OsdOp.MapExtents(a, b, flags);
            case 0x1205 -> new OsdOp.SparseRead(a, b, c, d, flags);
            case 0x1208 -> new OsdOp.AssertVersion(b, flags);
            case 0x1209 -> new OsdOp.ListWatchers(flags);
            case 0x120a -> new OsdOp.ListSnaps(flags);
            case 0x121d -> new OsdOp.IsDirty(flags);
            case 0x121e -> new OsdOp.CopyGet(a, payload, flags);
            case 0x121f ->
                    new OsdOp.Checksum(a, b, (int) c, (int) (c >>> 32) & 0xff, payload, flags);
            case 0x1220 -> b == payload.size() ? new OsdOp.CompareExtent(a, payload, flags) : raw;
            case 0x220e -> new OsdOp.Rollback(a, flags);
            case 0x220f ->
                    new OsdOp.Watch(
                            a, (int) c & 0xff, (int) (c >>> 8), (int) (c >>> 40) | d << 24, flags);
            case 0x2226 -> c == payload.size() ? new OsdOp.WriteSame(a, b, payload, flags) : raw;
            case 0x1507 -> new OsdOp.ListInconsistent(payload, flags);
            case 0x1301, 0x2301, 0x2304, 0x1303 -> parseXattr(code, args, payload, flags, raw);
            case 0x1302 -> new OsdOp.GetXattrs(flags);
            case 0x1401 -> parseCall(a, payload, flags);
            default -> parseWithPayload(code, args, new Decoder(payload), flags, raw);
        };
    }

    private static OsdOp parseWithPayload(int code, Args args, Decoder in, int flags, Unknown raw) {
        return switch (code) {
            case 0x1211 -> new OsdOp.OmapGetKeys(in.string(), in.u64(), flags);
            case 0x1212 -> new OsdOp.OmapGetVals(in.string(), in.u64(), in.string(), flags);
            case 0x1213 -> new OsdOp.OmapGetHeader(flags);
            case 0x1214 -> new OsdOp.OmapGetValsByKeys(in.list(Primitives.STRING), flags);
            case 0x2215 -> new OsdOp.OmapSetVals(in.map(Primitives.STRING, Primitives.BLOB), flags);
            case 0x2216 -> new OsdOp.OmapSetHeader(in.rest(), flags);
            case 0x2217 -> new OsdOp.OmapClear(flags);
            case 0x2218 -> new OsdOp.OmapRemoveKeys(in.list(Primitives.STRING), flags);
            case 0x222c -> new OsdOp.OmapRemoveRange(in.string(), in.string(), flags);
            case 0x1219 -> new OsdOp.OmapCompare(in.map(Primitives.STRING, ASSERTION), flags);
            case 0x1501 ->
                    new OsdOp.PgList(args.a(), (int) args.b(), HObject.CODEC.decode(in), flags);
            case 0x1505 ->
                    new OsdOp.PgNamespaceList(
                            args.a(), (int) args.b(), HObject.CODEC.decode(in), flags);
            case 0x1206 -> {
                in.u32(); // was a version
                yield new OsdOp.Notify(args.a(), in.u32(), in.blob(), flags);
            }
            case 0x1207 -> {
                long notifyId = in.u64();
                long cookie = in.u64();
                yield new OsdOp.NotifyAck(
                        notifyId, cookie, in.hasMore() ? in.blob() : Bytes.EMPTY, flags);
            }
            case 0x221a ->
                    new OsdOp.CopyFrom(
                            in.string(),
                            ObjectLocator.CODEC.decode(in),
                            args.a(),
                            args.b(),
                            (int) args.c() & 0xff,
                            (int) (args.c() >>> 8),
                            flags);
            case 0x222d ->
                    new OsdOp.CopyFrom2(
                            in.string(),
                            ObjectLocator.CODEC.decode(in),
                            args.a(),
                            args.b(),
                            (int) args.c() & 0xff,
                            (int) (args.c() >>> 8),
                            in.u32(),
                            in.u64(),
                            flags);
            default -> raw;
        };
    }

    private static final Codec<OsdOp.OmapAssertion> ASSERTION =
            Primitives.of(
                    (out, assertion) ->
                            out.blob(assertion.value()).u32(assertion.comparison().code()),
                    in -> new OsdOp.OmapAssertion(in.blob(), OsdOp.Comparison.of(in.u32())));

    private static Unknown raw(int code, long a, long b, long c, int d, int flags) {
        return new Unknown(code, new Args(a, b, c, d), Bytes.EMPTY, flags);
    }

    private static Unknown extent(
            int code, long offset, long truncateSize, int truncateSeq, Bytes data, int flags) {
        return new Unknown(
                code, new Args(offset, data.size(), truncateSize, truncateSeq), data, flags);
    }

    private static Unknown xattr(int code, String name, Bytes value, int comparison, int flags) {
        Bytes nameBytes = Bytes.utf8(name);
        long sizes = nameBytes.size() | (long) value.size() << 32;
        Bytes payload = value.isEmpty() ? nameBytes : Bytes.concat(nameBytes, value);
        return new Unknown(code, new Args(sizes, comparison, 0, 0), payload, flags);
    }

    private static OsdOp parseXattr(int code, Args args, Bytes payload, int flags, Unknown raw) {
        Decoder in = new Decoder(payload);
        String name = in.raw((int) args.a()).toUtf8();
        return switch (code) {
            case 0x1301 -> new OsdOp.GetXattr(name, flags);
            case 0x2304 -> new OsdOp.RemoveXattr(name, flags);
            case 0x2301 -> new OsdOp.SetXattr(name, in.raw((int) (args.a() >>> 32)), flags);
            case 0x1303 ->
                    new OsdOp.CompareXattr(
                            name,
                            in.raw((int) (args.a() >>> 32)),
                            (int) args.b() & 0xff,
                            (int) args.b() >>> 8 & 0xff,
                            flags);
            default -> raw;
        };
    }

    private static Unknown call(OsdOp.Call call) {
        Bytes objectClass = Bytes.utf8(call.objectClass());
        Bytes method = Bytes.utf8(call.method());
        if (objectClass.size() > 255 || method.size() > 255) {
            throw new IllegalArgumentException(
                    "names of classes and methods have 255 bytes at most: " + call.objectClass());
        }
        long inputSize = call.input().size();
        long a = objectClass.size() | (long) method.size() << 8 | inputSize << 24;
        Bytes payload = Bytes.concat(List.of(objectClass, method, call.input()));
        return new Unknown(0x1401, new Args(a, 0, 0, 0), payload, call.flags());
    }

    private static OsdOp parseCall(long a, Bytes payload, int flags) {
        Decoder in = new Decoder(payload);
        String objectClass = in.raw((int) a & 0xff).toUtf8();
        String method = in.raw((int) a >>> 8 & 0xff).toUtf8();
        return new OsdOp.Call(objectClass, method, in.raw((int) (a >>> 24)), flags);
    }

    private static Unknown checksum(OsdOp.Checksum op) {
        long c = op.chunkSize() & 0xffffffffL | (op.kind() & 0xffL) << 32;
        return new Unknown(
                0x121f, new Args(op.offset(), op.length(), c, 0), op.initialValue(), op.flags());
    }

    private static Unknown watch(OsdOp.Watch w) {
        long c =
                w.action() & 0xffL
                        | (w.generation() & 0xffffffffL) << 8
                        | (w.timeoutSeconds() & 0xffffffL) << 40;
        return raw(0x220f, w.cookie(), 0, c, w.timeoutSeconds() >>> 24, w.flags());
    }

    private static Args copyArgs(long snap, long version, int copyFlags, int sourceFlags) {
        return new Args(snap, version, copyFlags & 0xffL | (sourceFlags & 0xffffffffL) << 8, 0);
    }
}
