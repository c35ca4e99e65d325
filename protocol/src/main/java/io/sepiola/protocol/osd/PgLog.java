package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;

import java.util.List;

/**
 * A part of the log of a placement group (pg_log_t).
 *
 * <p>PgLog := S(7/3){head:EVersion tail:EVersion, list of PgLogEntry, canRollBackTo:EVersion
 * undoneTrimmedTo:EVersion, list of PgLogDup}.
 *
 * @param head the newest entry
 * @param tail the entries come after this
 * @param entries oldest first
 * @param dups oldest first
 */
public record PgLog(
        EVersion head,
        EVersion tail,
        List<PgLogEntry> entries,
        EVersion canRollBackTo,
        EVersion undoTrimmedTo,
        List<PgLogDup> dups) {
    /** As in the class comment. */
    public static final Codec<PgLog> CODEC = Primitives.of(PgLog::encode, PgLog::decode);

    private static void encode(Encoder out, PgLog value) {
        int begun = out.beginStruct(7, 3);
        EVersion.CODEC.encode(value.head, out);
        EVersion.CODEC.encode(value.tail, out);
        out.list(value.entries, PgLogEntry.CODEC);
        EVersion.CODEC.encode(value.canRollBackTo, out);
        EVersion.CODEC.encode(value.undoTrimmedTo, out);
        out.list(value.dups, PgLogDup.CODEC);
        out.endSized(begun);
    }

    private static PgLog decode(Decoder in) {
        return in.struct(7, PgLog::decodeFields);
    }

    private static PgLog decodeFields(int layout, Decoder in) {
        EVersion head = EVersion.CODEC.decode(in);
        EVersion tail = EVersion.CODEC.decode(in);
        List<PgLogEntry> entries = in.list(PgLogEntry.CODEC);
        EVersion canRollBackTo = EVersion.CODEC.decode(in);
        EVersion undoTrimmedTo = EVersion.CODEC.decode(in);
        List<PgLogDup> dups = in.list(PgLogDup.CODEC);
        return new PgLog(head, tail, entries, canRollBackTo, undoTrimmedTo, dups);
    }

    /** Without entries. */
    public static final PgLog EMPTY =
            new PgLog(
                    EVersion.ZERO,
                    EVersion.ZERO,
                    List.of(),
                    EVersion.ZERO,
                    EVersion.ZERO,
                    List.of());
}
