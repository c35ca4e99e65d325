package io.sepiola.protocol.message;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.Utime;

/**
 * An entry of the cluster log.
 *
 * <p>LogEntry := S(5/5){name:AuthName rank:EntityName addrs stamp:Utime sequence:u64 level:u16
 * text:string channel:string}.
 *
 * @param name who wrote it
 * @param sequence counts the entries of one writer
 * @param level 0 debug, 1 info, 2 security, 3 warning, 4 error
 * @param channel cluster or audit
 */
public record LogEntry(
        AuthName name,
        EntityName rank,
        EntityAddrVec addrs,
        Utime stamp,
        long sequence,
        int level,
        String text,
        String channel) {
    /** As in the class comment. */
    public static final Codec<LogEntry> CODEC = Primitives.of(LogEntry::encode, LogEntry::decode);

    private static void encode(Encoder out, LogEntry value) {
        int begun = out.beginStruct(5, 5);
        AuthName.CODEC.encode(value.name, out);
        EntityName.CODEC.encode(value.rank, out);
        EntityAddrVec.CODEC.encode(value.addrs, out);
        Utime.CODEC.encode(value.stamp, out);
        out.u64(value.sequence);
        out.u16(value.level);
        out.string(value.text);
        out.string(value.channel);
        out.endSized(begun);
    }

    private static LogEntry decode(Decoder in) {
        return in.struct(5, LogEntry::decodeFields);
    }

    private static LogEntry decodeFields(int version, Decoder in) {
        AuthName name = AuthName.CODEC.decode(in);
        EntityName rank = EntityName.CODEC.decode(in);
        EntityAddrVec addrs = EntityAddrVec.CODEC.decode(in);
        Utime stamp = Utime.CODEC.decode(in);
        long sequence = in.u64();
        int level = in.u16();
        String text = in.string();
        String channel = in.string();
        return new LogEntry(name, rank, addrs, stamp, sequence, level, text, channel);
    }
}
