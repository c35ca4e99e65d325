package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.ChangeCodec;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.state.RestoredState;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.map.MonMap;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the monitors agreed on, in one file: maps, keys, settings. Whoever has it can open the
 * cluster.
 *
 * <p>MonitorBackup := magic:string fsid:16 version:u64 taken:Utime monitor:string state:blob
 * digest:32; the digest is SHA-256 of all before it.
 *
 * @param fsid the cluster's
 * @param version of the log's last record in it
 * @param taken when
 * @param monitor whose log it was
 */
public record MonitorBackup(UUID fsid, long version, Utime taken, String monitor, Bytes state) {
    private static final String MAGIC = "sepiola monitor backup 1";
    private static final int DIGEST_SIZE = 32;

    /** More than daemons can have seen since any backup that is worth restoring. */
    private static final int EPOCHS = 100_000;

    private static final long IDS = 10_000_000;

    /** Below what a record of the log may have. */
    static final int PACKED_SIZE_MAX = 7 << 20;

    /**
     * Of a log's contents.
     *
     * @throws Malformed when it holds no cluster
     */
    public static MonitorBackup of(ReplicatedLog.Recovered log, String monitor, Utime taken) {
        UUID fsid = fsid(log);
        MonitorState state = Committer.replay(log, MonitorState.blank(fsid));
        return new MonitorBackup(
                fsid, log.version(), taken, monitor, MonitorState.CODEC.toBytes(state));
    }

    private static UUID fsid(ReplicatedLog.Recovered log) {
        if (!log.snapshot().isEmpty()) {
            return MonitorState.CODEC.fromBytes(log.snapshot()).monMap().fsid();
        }
        for (Bytes record : log.records()) {
            for (Change change : ChangeCodec.changes(record)) {
                if (change instanceof Change.MonMapReplaced replaced) {
                    return replaced.map().fsid();
                }
                if (change instanceof Change.Restored) {
                    return MonitorState.blank(new UUID(0, 0)).apply(change).monMap().fsid();
                }
            }
        }
        throw new Malformed("the monitor's log holds no cluster");
    }

    /** The file's content. */
    public Bytes toBytes() {
        Encoder out = new Encoder().string(MAGIC);
        UuidCodec.CODEC.encode(fsid, out);
        out.u64(version);
        Utime.CODEC.encode(taken, out);
        Bytes body = out.string(monitor).blob(state).toBytes();
        return Bytes.concat(body, digest(body));
    }

    private static Bytes digest(Bytes body) {
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-256").digest(body.toArray()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /**
     * Reads a file's content.
     *
     * @throws Malformed when it is none, is damaged, or is not what it says
     */
    public static MonitorBackup fromBytes(Bytes content) {
        Decoder in = new Decoder(content);
        if (content.size() < MAGIC.length() + DIGEST_SIZE || !in.string().equals(MAGIC)) {
            throw new Malformed("it does not begin with '" + MAGIC + "'");
        }
        Bytes body = content.slice(0, content.size() - DIGEST_SIZE);
        if (!digest(body).equals(content.slice(body.size()))) {
            throw new Malformed("its checksum does not fit: it is damaged or cut off");
        }
        MonitorBackup read =
                new MonitorBackup(
                        UuidCodec.CODEC.decode(in),
                        in.u64(),
                        Utime.CODEC.decode(in),
                        in.string(),
                        in.blob().detach());
        if (!read.monitors().fsid().equals(read.fsid)) {
            throw new Malformed("it is of two clusters: " + read.fsid + " and another");
        }
        return read;
    }

    private MonitorState decoded() {
        return MonitorState.CODEC.fromBytes(state);
    }

    /** The monitors that there were. */
    public MonMap monitors() {
        return decoded().monMap();
    }

    /** The epoch of the OSD map in it. */
    public int osdMapEpoch() {
        return decoded().osdMaps().newest().epoch();
    }

    /** How many pools it knows. */
    public int pools() {
        return decoded().osdMaps().newest().pools().size();
    }

    /** The key and caps of an entity, such as {@code mon.}. */
    public Optional<EntityAuth> entity(AuthName name) {
        return Optional.ofNullable(decoded().auth().entities().get(name));
    }

    /**
     * What those monitors begin with, who go on from here. The epochs of their maps are far beyond
     * those of the backup, so that nobody who has seen later ones takes new maps for old.
     *
     * @throws Malformed when it is too large for a record of the log
     */
    public Genesis genesis(List<MonMap.MonInfo> anew) {
        MonitorState before = decoded();
        MonMap map = before.monMap();
        for (String name : map.ranks()) {
            map = map.without(name, taken);
        }
        for (MonMap.MonInfo info : anew) {
            map = map.with(info, taken);
        }
        return genesis(anew, MonitorState.CODEC.toBytes(before.resumed(map, EPOCHS, IDS)));
    }

    /**
     * What another log begins with that goes on where this one ended: to clients and daemons
     * nothing has changed. The log it is of must never be used again.
     *
     * @throws Malformed when it is too large for a record of the log
     */
    public Genesis continued() {
        return genesis(List.of(), state);
    }

    private Genesis genesis(List<MonMap.MonInfo> monitors, Bytes first) {
        Bytes packed = RestoredState.pack(first);
        if (packed.size() > PACKED_SIZE_MAX) {
            throw new Malformed("its state is too large to begin a log with");
        }
        return new Genesis(
                fsid,
                monitors,
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                "",
                Optional.of(packed));
    }
}
