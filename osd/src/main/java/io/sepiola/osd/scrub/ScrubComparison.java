package io.sepiola.osd.scrub;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.InconsistentObject;
import io.sepiola.protocol.osd.InconsistentObject.Copy;
import io.sepiola.protocol.osd.InconsistentObject.Seen;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.ScrubMap;
import io.sepiola.protocol.osd.SnapSet;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Holds the copies of one object against each other: which is right, and what is wrong with the
 * others. Judges as Ceph does (be_select_auth_object, be_compare_scrub_objects), but where Ceph
 * takes the primary's word among copies that are equally credible, this takes the one that most
 * copies agree with. Thrown away after one object.
 */
final class ScrubComparison {
    private static final String INFO = "_";
    private static final String SNAPSET = "snapset";

    private final SpgId pg;
    private final HObject object;
    private final int primary;
    private final SortedMap<Integer, ScrubMap.@Nullable Entry> entries;
    private final SortedMap<Integer, ObjectInfo> infos = new TreeMap<>();
    private final SortedMap<Integer, Long> errors = new TreeMap<>();
    private final List<String> lines = new ArrayList<>();
    private long objectErrors;

    /**
     * What came of it.
     *
     * @param shallowErrors counted as Ceph counts: one for each bad copy, one for the object
     * @param deepErrors as well
     * @param foundOrNull for those who ask what is inconsistent; null when nothing is
     * @param bad copies that are to be replaced
     * @param good copies that are as they should be; empty when there is no telling
     * @param infoOrNull of the good ones
     * @param lines for the cluster log
     */
    record Verdict(
            int shallowErrors,
            int deepErrors,
            @Nullable InconsistentObject foundOrNull,
            SortedSet<Integer> missing,
            SortedSet<Integer> bad,
            SortedSet<Integer> good,
            @Nullable ObjectInfo infoOrNull,
            List<String> lines) {}

    private ScrubComparison(
            SpgId pg,
            HObject object,
            int primary,
            SortedMap<Integer, ScrubMap.@Nullable Entry> entries) {
        this.pg = pg;
        this.object = object;
        this.primary = primary;
        this.entries = entries;
    }

    /** Of what each member has; at least one has something. */
    static Verdict of(SpgId pg, HObject object, int primary, SortedMap<Integer, ScrubMap> maps) {
        SortedMap<Integer, ScrubMap.@Nullable Entry> entries = new TreeMap<>();
        maps.forEach((osd, map) -> entries.put(osd, map.objects().get(object)));
        return new ScrubComparison(pg, object, primary, entries).judge();
    }

    private Verdict judge() {
        List<Integer> primaryFirst = new ArrayList<>(entries.keySet());
        primaryFirst.remove((Integer) primary);
        primaryFirst.addFirst(primary);
        for (int osd : primaryFirst) {
            ScrubMap.Entry entry = entries.get(osd);
            if (entry != null) {
                examine(osd, entry);
            } else {
                errors.put(osd, Copy.MISSING);
            }
        }
        int auth = -1;
        for (int osd : primaryFirst) {
            if (errors.getOrDefault(osd, 0L) == 0 && (auth < 0 || isBetter(osd, auth))) {
                auth = osd;
            }
        }
        return auth < 0 ? withoutAuthority() : against(auth);
    }

    // ---- one copy by itself

    private void examine(int osd, ScrubMap.Entry entry) {
        List<String> said = new ArrayList<>();
        long wrong = 0;
        if (entry.is(ScrubMap.Entry.READ_ERROR)) {
            wrong |= Copy.READ_ERROR;
            said.add("candidate had a read error");
        }
        if (entry.is(ScrubMap.Entry.STAT_ERROR)) {
            wrong |= Copy.STAT_ERROR;
            said.add("candidate had a stat error");
        } else {
            wrong |= examineSnapSet(entry.attrs().get(SNAPSET), said);
            wrong |= examineInfo(osd, entry, said);
        }
        errors.put(osd, wrong);
        if (!said.isEmpty()) {
            lines.add(shard(osd) + String.join(", ", said));
        }
    }

    private long examineSnapSet(@Nullable Bytes snapSet, List<String> said) {
        if (!object.isHead()) {
            return 0;
        }
        if (snapSet == null) {
            said.add("candidate had a missing snapset key");
            return Copy.SNAPSET_MISSING;
        }
        try {
            SnapSet.CODEC.fromBytes(snapSet);
            return 0;
        } catch (Malformed damaged) {
            said.add("candidate had a corrupt snapset");
            return Copy.SNAPSET_CORRUPTED;
        }
    }

    private long examineInfo(int osd, ScrubMap.Entry entry, List<String> said) {
        Bytes encoded = entry.attrs().get(INFO);
        if (encoded == null) {
            said.add("candidate had a missing info key");
            return Copy.INFO_MISSING;
        }
        ObjectInfo info = infoOrNull(encoded);
        if (info == null || !info.object().equals(object)) {
            said.add("candidate had a corrupt info");
            return Copy.INFO_CORRUPTED;
        }
        infos.put(osd, info);
        if (entry.size() != info.size()) {
            said.add("candidate size " + entry.size() + " info size " + info.size() + " mismatch");
            return Copy.OBJECT_SIZE_INFO_MISMATCH;
        }
        return 0;
    }

    private static @Nullable ObjectInfo infoOrNull(Bytes encoded) {
        try {
            return ObjectInfo.CODEC.fromBytes(encoded);
        } catch (Malformed damaged) {
            return null;
        }
    }

    // ---- whom to believe

    /** Newer; with the data it speaks of; telling more; agreed with by more. */
    private boolean isBetter(int osd, int than) {
        ObjectInfo mine = Objects.requireNonNull(infos.get(osd));
        ObjectInfo theirs = Objects.requireNonNull(infos.get(than));
        int order = mine.version().compareTo(theirs.version());
        if (order == 0) {
            order = Boolean.compare(isTrue(osd), isTrue(than));
        }
        if (order == 0) {
            order = Integer.compare(digests(mine), digests(theirs));
        }
        if (order == 0) {
            order = Integer.compare(supporters(osd), supporters(than));
        }
        return order > 0;
    }

    private static int digests(ObjectInfo info) {
        return Integer.bitCount(info.flags() & (ObjectInfo.DATA_DIGEST | ObjectInfo.OMAP_DIGEST));
    }

    private boolean isTrue(int osd) {
        ObjectInfo info = Objects.requireNonNull(infos.get(osd));
        ScrubMap.Entry entry = Objects.requireNonNull(entries.get(osd));
        return !dataDiffers(entry, info) && !omapDiffers(entry, info);
    }

    private int supporters(int osd) {
        ScrubMap.Entry mine = Objects.requireNonNull(entries.get(osd));
        int count = 0;
        for (ScrubMap.Entry other : entries.values()) {
            count += other != null && other.equals(mine) ? 1 : 0;
        }
        return count;
    }

    private static boolean dataDiffers(ScrubMap.Entry entry, ObjectInfo info) {
        return (info.flags() & ObjectInfo.DATA_DIGEST) != 0
                && entry.is(ScrubMap.Entry.DIGEST)
                && entry.digest() != info.dataDigest();
    }

    private static boolean omapDiffers(ScrubMap.Entry entry, ObjectInfo info) {
        return (info.flags() & ObjectInfo.OMAP_DIGEST) != 0
                && entry.is(ScrubMap.Entry.OMAP_DIGEST)
                && entry.omapDigest() != info.omapDigest();
    }

    // ---- one copy against the one that is believed

    private Verdict against(int auth) {
        SortedSet<Integer> good = new TreeSet<>();
        SortedSet<Integer> missing = new TreeSet<>();
        SortedSet<Integer> bad = new TreeSet<>();
        SortedSet<Integer> differing = new TreeSet<>();
        for (int osd : entries.keySet()) {
            ScrubMap.Entry entry = entries.get(osd);
            if (entry == null) {
                missing.add(osd);
                lines.add(pg + " shard " + osd + " " + object + " : missing");
                continue;
            }
            List<String> said = compare(osd, entry, auth);
            String text = String.join(", ", said);
            if (errorsOf(osd) != 0) {
                bad.add(osd);
                if (!said.isEmpty()) {
                    lines.add(shard(osd) + text);
                }
            } else if (!said.isEmpty()) {
                differing.add(osd); // an error that does not tell by itself whose it is
                lines.add(pg + " soid " + object + " : " + text);
            } else {
                good.add(osd);
            }
        }
        if (good.isEmpty() && !differing.isEmpty()) {
            int first = differing.contains(auth) ? auth : differing.first();
            good.add(first);
            differing.remove(first);
        }
        if (good.isEmpty()) {
            lines.add(pg.pg() + " soid " + object + " : failed to pick suitable auth object");
        }
        bad.addAll(differing);
        return verdict(auth, missing, bad, good);
    }

    private long errorsOf(int osd) {
        return errors.getOrDefault(osd, 0L);
    }

    private String shard(int osd) {
        return pg + " shard " + osd + " soid " + object + " : ";
    }

    private void add(int osd, long error) {
        errors.merge(osd, error, (a, b) -> a | b);
    }

    private List<String> compare(int osd, ScrubMap.Entry entry, int auth) {
        List<String> said = new ArrayList<>();
        ScrubMap.Entry right = Objects.requireNonNull(entries.get(auth));
        ObjectInfo info = Objects.requireNonNull(infos.get(auth));
        if (entry.is(ScrubMap.Entry.STAT_ERROR)) {
            said.add("candidate had a stat error");
        }
        if (entry.is(ScrubMap.Entry.READ_ERROR)) {
            said.add("candidate had a read error");
        }
        compareDigests(osd, entry, auth, right, info, said);
        if (entry.is(ScrubMap.Entry.STAT_ERROR)) {
            return said;
        }
        long unread = Copy.INFO_MISSING | Copy.INFO_CORRUPTED;
        if ((errorsOf(osd) & unread) == 0 && differ(entry, right, INFO)) {
            objectErrors |= InconsistentObject.INFO_INCONSISTENCY;
            said.add("object info inconsistent ");
        }
        unread = Copy.SNAPSET_MISSING | Copy.SNAPSET_CORRUPTED;
        if (object.isHead() && (errorsOf(osd) & unread) == 0 && differ(entry, right, SNAPSET)) {
            objectErrors |= InconsistentObject.SNAPSET_INCONSISTENCY;
            said.add("snapset inconsistent ");
        }
        if (entry.size() != info.size()) {
            add(osd, Copy.SIZE_MISMATCH_INFO);
            said.add(
                    String.format(
                            "size %d != size %d from auth oi %s",
                            entry.size(), info.size(), InfoText.of(info)));
        }
        if (entry.size() != right.size()) {
            objectErrors |= InconsistentObject.SIZE_MISMATCH;
            said.add(
                    String.format(
                            "size %d != size %d from shard %d", entry.size(), right.size(), auth));
        }
        compareAttrs(entry.attrs(), right.attrs(), said);
        return said;
    }

    private static boolean differ(ScrubMap.Entry a, ScrubMap.Entry b, String attr) {
        return !Objects.equals(a.attrs().get(attr), b.attrs().get(attr));
    }

    private void compareDigests(
            int osd,
            ScrubMap.Entry entry,
            int auth,
            ScrubMap.Entry right,
            ObjectInfo info,
            List<String> said) {
        boolean data = entry.is(ScrubMap.Entry.DIGEST);
        boolean omap = entry.is(ScrubMap.Entry.OMAP_DIGEST);
        if (data && right.is(ScrubMap.Entry.DIGEST) && entry.digest() != right.digest()) {
            objectErrors |= InconsistentObject.DATA_DIGEST_MISMATCH;
            said.add(differs("data_digest", entry.digest(), right.digest(), "shard " + auth));
        }
        if (omap
                && right.is(ScrubMap.Entry.OMAP_DIGEST)
                && entry.omapDigest() != right.omapDigest()) {
            objectErrors |= InconsistentObject.OMAP_DIGEST_MISMATCH;
            said.add(
                    differs(
                            "omap_digest",
                            entry.omapDigest(),
                            right.omapDigest(),
                            "shard " + auth));
        }
        String authInfo = "auth oi " + InfoText.of(info);
        if (dataDiffers(entry, info)) {
            add(osd, Copy.DATA_DIGEST_MISMATCH_INFO);
            said.add(differs("data_digest", entry.digest(), info.dataDigest(), authInfo));
        }
        if (omapDiffers(entry, info)) {
            add(osd, Copy.OMAP_DIGEST_MISMATCH_INFO);
            said.add(differs("omap_digest", entry.omapDigest(), info.omapDigest(), authInfo));
        }
    }

    private static String differs(String what, int found, int right, String from) {
        return String.format("%s 0x%x != %s 0x%x from %s", what, found, what, right, from);
    }

    private void compareAttrs(
            Map<String, Bytes> attrs, Map<String, Bytes> right, List<String> said) {
        for (String name : new TreeSet<>(right.keySet())) {
            Bytes value = attrs.get(name);
            if (isUsers(name) && value == null) {
                objectErrors |= InconsistentObject.ATTR_NAME_MISMATCH;
                said.add("attr name mismatch '" + name + "'");
            } else if (isUsers(name) && !Objects.equals(value, right.get(name))) {
                objectErrors |= InconsistentObject.ATTR_VALUE_MISMATCH;
                said.add("attr value mismatch '" + name + "'");
            }
        }
        for (String name : new TreeSet<>(attrs.keySet())) {
            if (isUsers(name) && !right.containsKey(name)) {
                objectErrors |= InconsistentObject.ATTR_NAME_MISMATCH;
                said.add("attr name mismatch '" + name + "'");
            }
        }
    }

    private static boolean isUsers(String name) {
        return name.startsWith("_") && !name.equals(INFO);
    }

    // ---- the verdict

    private Verdict withoutAuthority() {
        lines.add(pg.pg() + " soid " + object + " : failed to pick suitable object info");
        return verdict(-1, new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    }

    private Verdict verdict(
            int auth, SortedSet<Integer> missing, SortedSet<Integer> bad, SortedSet<Integer> good) {
        int shallow = 0;
        int deep = 0;
        SortedMap<PgShard, Copy> copies = new TreeMap<>();
        for (int osd : entries.keySet()) {
            ScrubMap.Entry entry = entries.get(osd);
            long wrong = errorsOf(osd);
            Seen seen = entry == null ? Seen.NOTHING : Seen.of(entry);
            copies.put(PgShard.replicated(osd), new Copy(wrong, osd == primary, osd == auth, seen));
            if ((wrong & Copy.DEEP) != 0) {
                deep++;
            } else if (wrong != 0) {
                shallow++;
            }
        }
        if ((objectErrors & InconsistentObject.DEEP) != 0) {
            deep++;
        } else if (objectErrors != 0) {
            shallow++;
        }
        ObjectInfo info = auth < 0 ? null : infos.get(auth);
        InconsistentObject found =
                shallow + deep == 0
                        ? null
                        : new InconsistentObject(
                                objectErrors,
                                object,
                                info == null ? 0 : info.userVersion(),
                                copies);
        return new Verdict(shallow, deep, found, missing, bad, good, info, lines);
    }
}
