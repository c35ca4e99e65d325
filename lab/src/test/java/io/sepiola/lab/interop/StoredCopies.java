package io.sepiola.lab.interop;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.store.ObjectStore;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that one OSD's store holds of placement groups' objects, to be held against the other
 * copies. What a group keeps for itself (its log, in the object without a name) is each OSD's own.
 */
record StoredCopies(String store, SortedMap<String, StoredCopies.Copy> objects) {
    private static final int PAGE = 1000;
    private static final int READ_SIZE = 4 << 20;

    /**
     * One object.
     *
     * @param size of the data, in bytes
     * @param sha256 of the data
     */
    record Copy(
            long size,
            String sha256,
            SortedMap<String, Bytes> attrs,
            Bytes omapHeader,
            SortedMap<String, Bytes> omap) {}

    static StoredCopies of(String name, ObjectStore store) {
        SortedMap<String, Copy> objects = new TreeMap<>();
        for (CollectionId collection : store.collections()) {
            if (collection instanceof CollectionId.Pg) {
                for (GhObject object : list(store, collection)) {
                    if (!object.object().name().isEmpty()) {
                        objects.put(collection + "/" + object, copy(store, collection, object));
                    }
                }
            }
        }
        return new StoredCopies(name, objects);
    }

    private static List<GhObject> list(ObjectStore store, CollectionId collection) {
        List<GhObject> all = new ArrayList<>();
        GhObject first = GhObject.of(HObject.MIN);
        while (true) {
            List<GhObject> page = store.list(collection, first, PAGE);
            all.addAll(all.isEmpty() || page.isEmpty() ? page : page.subList(1, page.size()));
            if (page.size() < PAGE) {
                return all;
            }
            first = page.getLast(); // comes again, as the first of the next page
        }
    }

    private static Copy copy(ObjectStore store, CollectionId collection, GhObject object) {
        long size = store.size(collection, object).orElseThrow();
        MessageDigest digest = sha256();
        for (long at = 0; at < size; at += READ_SIZE) {
            digest.update(store.read(collection, object, at, READ_SIZE).toArray());
        }
        SortedMap<String, Bytes> omap = new TreeMap<>();
        ObjectStore.OmapPage page;
        String after = "";
        do {
            page = store.omap(collection, object, after, "", PAGE);
            omap.putAll(page.entries());
            after = page.entries().isEmpty() ? after : page.entries().lastKey();
        } while (page.more());
        return new Copy(
                size,
                HexFormat.of().formatHex(digest.digest()),
                store.attrs(collection, object),
                store.omapHeader(collection, object),
                omap);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Who has each object, by the object's place and name. */
    static SortedMap<String, List<StoredCopies>> holders(List<StoredCopies> all) {
        SortedMap<String, List<StoredCopies>> holders = new TreeMap<>();
        for (StoredCopies store : all) {
            for (String name : store.objects.keySet()) {
                holders.computeIfAbsent(name, absent -> new ArrayList<>()).add(store);
            }
        }
        return holders;
    }

    /** What differs, or is not there {@code size} times. */
    static List<String> differences(SortedMap<String, List<StoredCopies>> holders, int size) {
        List<String> found = new ArrayList<>();
        holders.forEach((name, stores) -> {
            if (stores.size() != size) {
                found.add(name + " is in " + stores.stream().map(StoredCopies::store).toList());
            }
            for (StoredCopies other : stores.subList(1, stores.size())) {
                found.addAll(differences(name, stores.getFirst(), other));
            }
        });
        return found;
    }

    /** What differs, a sentence for each object and part. */
    static List<String> differences(StoredCopies one, StoredCopies other) {
        List<String> found = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(one.objects.keySet());
        names.addAll(other.objects.keySet());
        for (String name : names) {
            found.addAll(differences(name, one, other));
        }
        return found;
    }

    private static List<String> differences(String name, StoredCopies one, StoredCopies other) {
        Copy left = one.objects.get(name);
        Copy right = other.objects.get(name);
        if (left == null || right == null) {
            return List.of(name + " is not in " + (left == null ? one.store : other.store));
        }
        List<String> found = new ArrayList<>();
        String where = " of " + name + ": " + one.store + " and " + other.store + " differ";
        if (left.size != right.size || !left.sha256.equals(right.sha256)) {
            found.add("data" + where + ", " + left.size + " and " + right.size + " bytes");
        }
        if (!left.attrs.equals(right.attrs)) {
            found.add("attributes" + where + ", " + left.attrs + " and " + right.attrs);
        }
        if (!left.omapHeader.equals(right.omapHeader) || !left.omap.equals(right.omap)) {
            found.add("omap" + where + ", " + left.omap.keySet() + right.omap.keySet());
        }
        return found;
    }
}
