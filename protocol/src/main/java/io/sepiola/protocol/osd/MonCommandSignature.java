package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * A command that a manager module offers (MonCommand).
 *
 * <p>MonCommandSignature := S(1/1){signature:string help:string module:string permission:string
 * flags:u64}.
 */
public record MonCommandSignature(
        String signature, String help, String module, String permission, long flags) {
    /** As in the class comment. */
    public static final Codec<MonCommandSignature> CODEC =
            Primitives.of(MonCommandSignature::encode, MonCommandSignature::decode);

    private static void encode(Encoder out, MonCommandSignature value) {
        int begun = out.beginStruct(1, 1);
        out.string(value.signature);
        out.string(value.help);
        out.string(value.module);
        out.string(value.permission);
        out.string("cli,rest");
        out.u64(value.flags);
        out.endSized(begun);
    }

    private static MonCommandSignature decode(Decoder in) {
        return in.struct(1, MonCommandSignature::decodeFields);
    }

    private static MonCommandSignature decodeFields(int layout, Decoder in) {
        String signature = in.string();
        String help = in.string();
        String module = in.string();
        String permission = in.string();
        in.string(); // availability, was where it could be given
        long flags = in.u64();
        return new MonCommandSignature(signature, help, module, permission, flags);
    }
}
