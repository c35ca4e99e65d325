package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddr;

/**
 * A watch as an object remembers it (watch_info_t).
 *
 * <p>WatchInfo := S(4/3){cookie:u64 timeout:u32 EntityAddr}.
 */
public record WatchInfo(long cookie, int timeoutSeconds, EntityAddr addr) {
    /** As in the class comment. */
    public static final Codec<WatchInfo> CODEC =
            Primitives.of(WatchInfo::encode, WatchInfo::decode);

    private static void encode(Encoder out, WatchInfo value) {
        int begun = out.beginStruct(4, 3);
        out.u64(value.cookie);
        out.u32(value.timeoutSeconds);
        EntityAddr.CODEC.encode(value.addr, out);
        out.endSized(begun);
    }

    private static WatchInfo decode(Decoder in) {
        return in.struct(4, WatchInfo::decodeFields);
    }

    private static WatchInfo decodeFields(int layout, Decoder in) {
        long cookie = in.u64();
        int timeoutSeconds = in.u32();
        EntityAddr addr = layout >= 4 ? EntityAddr.CODEC.decode(in) : EntityAddr.BLANK;
        return new WatchInfo(cookie, timeoutSeconds, addr);
    }
}
