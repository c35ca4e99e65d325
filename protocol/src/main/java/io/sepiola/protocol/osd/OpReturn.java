package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * What one operation of a write gave (pg_log_op_return_item_t), for a repetition of the request.
 *
 * <p>OpReturn := result:s32 output:blob.
 */
public record OpReturn(int result, Bytes output) {
    /** As in the class comment. */
    public static final Codec<OpReturn> CODEC = Primitives.of(OpReturn::encode, OpReturn::decode);

    private static void encode(Encoder out, OpReturn value) {
        out.u32(value.result);
        out.blob(value.output);
    }

    private static OpReturn decode(Decoder in) {
        int result = in.u32();
        Bytes output = in.blob();
        return new OpReturn(result, output);
    }
}
