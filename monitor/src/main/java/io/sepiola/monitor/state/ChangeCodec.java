package io.sepiola.monitor.state;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.LogEntry;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The monitor's own format of its log's records.
 *
 * <p>Record := u8 1, count:u32, Change...; Change := kind:u8 blob. The blob holds the change's
 * fields in their order; maps, keys and entries as Ceph encodes them.
 */
public final class ChangeCodec implements Codec<Change> {
    /** One. */
    public static final Codec<Change> ONE = new ChangeCodec();

    private static final int RECORD_VERSION = 1;

    private ChangeCodec() {}

    /** A record of the log. */
    public static Bytes record(List<Change> changes) {
        return new Encoder().u8(RECORD_VERSION).list(changes, ONE).toBytes();
    }

    /** The changes of a record. */
    public static List<Change> changes(Bytes record) {
        Decoder in = new Decoder(record);
        int version = in.u8();
        if (version != RECORD_VERSION) {
            throw new Malformed(
                    "the monitor's log was written by a later release (record version "
                            + version
                            + ")");
        }
        List<Change> changes = in.list(ONE);
        in.expectEnd();
        return changes;
    }

    @Override
    public void encode(Change change, Encoder out) {
        switch (change) {
            case Change.OsdMapStep c ->
                    kind(out, 1, OsdMapIncremental.CODEC.toBytes(c.incremental()));
            case Change.MonMapReplaced c -> kind(out, 2, MonMap.CODEC.toBytes(c.map()));
            case Change.MgrMapReplaced c -> kind(out, 3, MgrMap.CODEC.toBytes(c.map()));
            case Change.AuthSet c -> {
                Encoder body = name(c.name());
                EntityAuth.CODEC.encode(c.auth(), body);
                kind(out, 4, body.toBytes());
            }
            case Change.AuthRemoved c -> kind(out, 5, name(c.name()).toBytes());
            case Change.SecretsRotated c -> {
                Encoder body = new Encoder().u8(c.service().code());
                RotatingSecrets.CODEC.encode(c.secrets(), body);
                kind(out, 6, body.toBytes());
            }
            case Change.GlobalIdsReserved c -> kind(out, 7, new Encoder().u64(c.end()).toBytes());
            case Change.ConfigSet c ->
                    kind(out, 8, texts(c.section(), c.option(), c.value()).toBytes());
            case Change.ConfigRemoved c -> kind(out, 9, texts(c.section(), c.option()).toBytes());
            case Change.KeySet c -> kind(out, 10, texts(c.key()).blob(c.value()).toBytes());
            case Change.KeyRemoved c -> kind(out, 11, texts(c.key()).toBytes());
            case Change.Logged c ->
                    kind(out, 12, new Encoder().list(c.entries(), LogEntry.CODEC).toBytes());
            case Change.OsdDescribed c ->
                    kind(out, 13, metadata(new Encoder().u32(c.osd()), c.metadata()));
            case Change.MgrDescribed c -> kind(out, 14, metadata(texts(c.name()), c.metadata()));
            case Change.PgsCreated c ->
                    kind(out, 15, new Encoder().list(c.pgs(), PgId.CODEC).toBytes());
            case Change.PgForced c -> {
                Encoder body = new Encoder();
                PgId.CODEC.encode(c.pg(), body);
                Utime.CODEC.encode(c.stamp(), body.u32(c.epoch()));
                kind(out, 17, body.toBytes());
            }
            case Change.ConfigEdited c -> {
                Encoder body = new Encoder();
                Utime.CODEC.encode(c.stamp(), body);
                body.string(c.why()).list(c.edits(), Settings.Edit.CODEC);
                kind(out, 18, body.toBytes());
            }
            case Change.HealthMuted c -> kind(out, 19, Mute.CODEC.toBytes(c.mute()));
            case Change.HealthUnmuted c -> kind(out, 20, texts(c.code()).toBytes());
            case Change.Restored c -> kind(out, 21, new Encoder().blob(c.packed()).toBytes());
            case Change.CiphersSet c -> kind(out, 22, Ciphers.CODEC.toBytes(c.ciphers()));
            case Change.OsdMapsTrimmed c -> kind(out, 16, new Encoder().u32(c.first()).toBytes());
        }
    }

    private static void kind(Encoder out, int kind, Bytes body) {
        out.u8(kind).blob(body);
    }

    private static Encoder name(AuthName name) {
        Encoder body = new Encoder();
        AuthName.CODEC.encode(name, body);
        return body;
    }

    private static Encoder texts(String... texts) {
        Encoder body = new Encoder();
        for (String text : texts) {
            body.string(text);
        }
        return body;
    }

    private static Bytes metadata(Encoder body, SortedMap<String, String> metadata) {
        return body.map(metadata, Primitives.STRING, Primitives.STRING).toBytes();
    }

    @Override
    public Change decode(Decoder in) {
        int kind = in.u8();
        return in.sized(in.u32(), body -> decode(kind, body));
    }

    private static Change decode(int kind, Decoder in) {
        return switch (kind) {
            case 1 -> new Change.OsdMapStep(OsdMapIncremental.CODEC.decode(in));
            case 2 -> new Change.MonMapReplaced(MonMap.CODEC.decode(in));
            case 3 -> new Change.MgrMapReplaced(MgrMap.CODEC.decode(in));
            case 4 -> new Change.AuthSet(AuthName.CODEC.decode(in), EntityAuth.CODEC.decode(in));
            case 5 -> new Change.AuthRemoved(AuthName.CODEC.decode(in));
            case 6 ->
                    new Change.SecretsRotated(
                            EntityType.of(in.u8()), RotatingSecrets.CODEC.decode(in));
            case 7 -> new Change.GlobalIdsReserved(in.u64());
            case 8 -> new Change.ConfigSet(in.string(), in.string(), in.string());
            case 9 -> new Change.ConfigRemoved(in.string(), in.string());
            case 10 -> new Change.KeySet(in.string(), in.blob().detach());
            case 11 -> new Change.KeyRemoved(in.string());
            case 12 -> new Change.Logged(in.list(LogEntry.CODEC));
            case 13 -> new Change.OsdDescribed(in.u32(), metadata(in));
            case 14 -> new Change.MgrDescribed(in.string(), metadata(in));
            case 15 -> new Change.PgsCreated(new TreeSet<>(in.list(PgId.CODEC)));
            case 16 -> new Change.OsdMapsTrimmed(in.u32());
            case 17 -> new Change.PgForced(PgId.CODEC.decode(in), in.u32(), Utime.CODEC.decode(in));
            case 18 ->
                    new Change.ConfigEdited(
                            Utime.CODEC.decode(in), in.string(), in.list(Settings.Edit.CODEC));
            case 19 -> new Change.HealthMuted(Mute.CODEC.decode(in));
            case 20 -> new Change.HealthUnmuted(in.string());
            case 22 -> new Change.CiphersSet(Ciphers.CODEC.decode(in));
            case 21 -> new Change.Restored(in.blob().detach());
            default ->
                    throw new Malformed("the monitor's log holds a change of unknown kind " + kind);
        };
    }

    private static SortedMap<String, String> metadata(Decoder in) {
        return new TreeMap<>(in.map(Primitives.STRING, Primitives.STRING));
    }
}
