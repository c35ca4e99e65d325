package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * Tells a watcher of a notification, or a notifier of its end.
 *
 * <p>MWatchNotify := u8 1, op:u8 cookie:u64 version:u64 notifyId:u64 payload:blob result:s32
 * notifierGid:u64.
 *
 * @param op {@link #NOTIFY}, {@link #COMPLETE} or {@link #DISCONNECT}
 * @param cookie the watch's
 * @param answers of {@link #COMPLETE}: answers and those who gave none
 */
public record MWatchNotify(
        int op,
        long cookie,
        long version,
        long notifyId,
        Bytes payload,
        int result,
        long notifierGid,
        Bytes answers)
        implements Message {
    /** Somebody notifies the watchers. */
    public static final int NOTIFY = 1;

    /** All watchers answered, or the time is over. */
    public static final int COMPLETE = 2;

    /** The watch was dropped. */
    public static final int DISCONNECT = 3;

    static final MessageCodec<MWatchNotify> CODEC =
            MessageCodec.of(
                    44,
                    3,
                    1,
                    MWatchNotify.class,
                    (m, out) -> {
                        out.u8(1); // was a version
                        out.u8(m.op);
                        out.u64(m.cookie);
                        out.u64(m.version);
                        out.u64(m.notifyId);
                        out.blob(m.payload);
                        out.u32(m.result);
                        out.u64(m.notifierGid);
                    },
                    m -> m.answers,
                    (in, head) -> {
                        in.u8(); // was a version
                        int op = in.u8();
                        long cookie = in.u64();
                        long version = in.u64();
                        long notifyId = in.u64();
                        Bytes payload = in.blob();
                        int result = in.u32();
                        long notifierGid = in.u64();
                        return new MWatchNotify(
                                op,
                                cookie,
                                version,
                                notifyId,
                                payload,
                                result,
                                notifierGid,
                                head.data());
                    });
}
