package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.osd.OsdOpCodec;
import io.sepiola.protocol.osd.OsdOpResult;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Answers {@link MOSDOp}.
 *
 * <p>MOSDOpReply := object:string pg:PgId flags:s64 result:s32 legacyVersion:EVersion epoch:u32
 * count:u32, heads of the operations, attempt:s32, results of the operations:s32, version:EVersion
 * userVersion:u64 u8 0, trace of 24 zero bytes. Data is the operations' outputs, one after the
 * other.
 *
 * @param flags the request's, with {@link MOSDOp#ACK} or {@link MOSDOp#ON_DISK}
 * @param result 0 or more, or a negative errno
 * @param legacyVersion what clients see that know one version only
 * @param epoch of the OSD's map
 * @param ops results and outputs
 * @param attempt the request's
 * @param version the object's, from a write
 * @param userVersion the object's
 */
public record MOSDOpReply(
        long tid,
        String object,
        PgId pg,
        long flags,
        int result,
        EVersion legacyVersion,
        int epoch,
        List<OsdOpResult> ops,
        int attempt,
        EVersion version,
        long userVersion)
        implements Message {
    /** With the legacy version that follows from the other two. */
    public MOSDOpReply(
            long tid,
            String object,
            PgId pg,
            long flags,
            int result,
            int epoch,
            List<OsdOpResult> ops,
            int attempt,
            EVersion version,
            long userVersion) {
        this(
                tid,
                object,
                pg,
                flags,
                result,
                userVersion == 0 ? EVersion.ZERO : new EVersion(version.epoch(), userVersion),
                epoch,
                ops,
                attempt,
                version,
                userVersion);
    }

    /** The same with all outputs on the heap; those that are lent go back. */
    public MOSDOpReply settled() {
        Bytes outputs = Bytes.concat(ops.stream().map(OsdOpResult::output).toList());
        if (!outputs.isLent()) {
            return this;
        }
        Bytes settled = outputs.settle(); // together, since several may lie in the same memory
        List<OsdOpResult> results = new ArrayList<>(ops.size());
        int at = 0;
        for (OsdOpResult op : ops) {
            int size = op.output().size();
            results.add(
                    new OsdOpResult(
                            op.code(),
                            op.flags(),
                            op.args(),
                            op.result(),
                            settled.slice(at, size)));
            at += size;
        }
        return new MOSDOpReply(
                tid(),
                object,
                pg,
                flags,
                result,
                legacyVersion,
                epoch,
                results,
                attempt,
                version,
                userVersion);
    }

    private static final int TRACE_SIZE = 24;

    static final MessageCodec<MOSDOpReply> CODEC =
            new MessageCodec<>(
                    43, 8, 2, MOSDOpReply.class, MOSDOpReply::encode, MOSDOpReply::decode);

    private void encode(MessageCodec.Parts parts) {
        Encoder out = parts.front;
        out.string(object);
        PgId.CODEC.encode(pg, out);
        out.u64(flags).u32(result);
        EVersion.CODEC.encode(legacyVersion, out);
        out.u32(epoch).u32(ops.size());
        List<Bytes> outputs = new ArrayList<>(ops.size());
        for (OsdOpResult op : ops) {
            op.encodeHead(out);
            if (!op.output().isEmpty()) {
                outputs.add(op.output());
            }
        }
        out.u32(attempt);
        for (OsdOpResult op : ops) {
            out.u32(op.result());
        }
        EVersion.CODEC.encode(version, out);
        out.u64(userVersion).bool(false).zeros(TRACE_SIZE);
        parts.data = outputs.size() == 1 ? outputs.getFirst() : Bytes.concat(outputs);
    }

    private static MOSDOpReply decode(Decoder in, EncodedMessage head) {
        String object = in.string();
        PgId pg = PgId.CODEC.decode(in);
        long flags = in.u64();
        int result = in.u32();
        EVersion legacyVersion = EVersion.CODEC.decode(in);
        int epoch = in.u32();
        int count = in.count(OsdOpCodec.HEAD_SIZE);
        List<OsdOpResult.Head> heads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            heads.add(OsdOpResult.Head.decode(in));
        }
        int attempt = in.u32();
        Decoder data = new Decoder(head.data());
        List<OsdOpResult> ops = new ArrayList<>(count);
        for (OsdOpResult.Head one : heads) {
            ops.add(one.with(in.u32(), data.raw(one.outputSize())));
        }
        EVersion version = EVersion.CODEC.decode(in);
        long userVersion = in.u64();
        if (in.bool()) {
            throw new Malformed(
                    "an answer that sends to another pool, which nothing here asks for");
        }
        return new MOSDOpReply(
                head.tid(),
                object,
                pg,
                flags,
                result,
                legacyVersion,
                epoch,
                Collections.unmodifiableList(ops),
                attempt,
                version,
                userVersion);
    }
}
