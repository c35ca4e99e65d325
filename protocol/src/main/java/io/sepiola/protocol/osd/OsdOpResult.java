package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.protocol.osd.OsdOp.Args;

/**
 * What came of one operation. Code, flags and arguments are the operation's own.
 *
 * @param result 0 or more, or a negative errno
 * @param output see {@link OpOutputs}
 */
public record OsdOpResult(int code, int flags, Args args, int result, Bytes output) {
    /** The result of that operation. */
    public static OsdOpResult of(OsdOp op, int result, Bytes output) {
        OsdOp.Unknown raw = OsdOpCodec.toRaw(op);
        return new OsdOpResult(raw.code(), raw.flags(), raw.args(), result, output);
    }

    /** Writes the head; result and output go elsewhere. */
    public void encodeHead(Encoder out) {
        OsdOpCodec.encodeHead(code, flags, args, output.size(), out);
    }

    /** A head, before result and output are known. */
    public record Head(int code, int flags, Args args, int outputSize) {
        /** Reads the 38 bytes. */
        public static Head decode(Decoder in) {
            return new Head(in.u16(), in.u32(), OsdOpCodec.decodeArgs(in), in.u32());
        }

        /** The same with what belongs to it. */
        public OsdOpResult with(int result, Bytes output) {
            return new OsdOpResult(code, flags, args, result, output);
        }
    }
}
