package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A transaction on its way into a {@link BlockState}: works out every change without making any, so
 * that it can still be refused. Lives within one call, under the store's lock.
 */
final class BlockTransaction {
    private final BlockState state;
    private final Layer layer;
    private final DataDraft data;
    private final Map<ObjectName, Optional<Draft>> drafts = new LinkedHashMap<>();
    private final Map<ObjectName, Footprint> before = new LinkedHashMap<>();
    private final Map<CollectionId, Boolean> collections = new TreeMap<>(CollectionOrder.ORDER);

    BlockTransaction(BlockState state, DataDraft data) {
        this.state = state;
        this.layer = new Layer(state.index());
        this.data = data;
    }

    /** Works out all changes, or throws. */
    void apply(Transaction transaction) {
        transaction.ops().forEach(this::apply);
        draftsToLayer();
    }

    /** The changes of the index. */
    List<Index.Change> changes() {
        return layer.changes();
    }

    /** The onodes as they are now; empty ones are removed. */
    Map<ObjectName, Optional<Draft>> drafts() {
        return drafts;
    }

    /** What those objects took that were there before. */
    Map<ObjectName, Footprint> before() {
        return before;
    }

    /** Collections made (true) and removed (false). */
    Map<CollectionId, Boolean> collections() {
        return collections;
    }

    private void apply(Transaction.Op op) {
        if (!(op instanceof Transaction.MakeCollection) && !exists(op.collection())) {
            throw Refusal.noCollection(op.collection());
        }
        switch (op) {
            case Transaction.Nop _, Transaction.CollectionHint _ -> {}
            case Transaction.SetAllocationHint o ->
                    found(o, o.object()).ifPresent(draft -> draft.hints = o.flags());
            case Transaction.Create o -> made(o.collection(), o.object());
            case Transaction.Touch o -> made(o.collection(), o.object());
            case Transaction.Write o -> {
                Refusal.checkRange(o.offset(), o.data().size());
                Draft draft = made(o.collection(), o.object());
                if (!o.data().isEmpty()) {
                    data.write(name(o, o.object()), draft, o.offset(), o.data());
                }
            }
            case Transaction.Zero o -> {
                Refusal.checkRange(o.offset(), o.length());
                Draft draft = made(o.collection(), o.object());
                if (o.length() > 0) {
                    data.zero(name(o, o.object()), draft, o.offset(), o.length());
                }
            }
            case Transaction.Truncate o -> {
                Refusal.checkRange(o.size(), 0);
                data.truncate(name(o, o.object()), made(o.collection(), o.object()), o.size());
            }
            case Transaction.Remove o -> remove(name(o, o.object()));
            case Transaction.SetAttr o ->
                    made(o.collection(), o.object()).attrs.put(o.name(), o.value().detach());
            case Transaction.SetAttrs o -> {
                Draft draft = made(o.collection(), o.object());
                o.attrs().forEach((key, value) -> draft.attrs.put(key, value.detach()));
            }
            case Transaction.RemoveAttr o ->
                    found(o, o.object()).ifPresent(draft -> draft.attrs.remove(o.name()));
            case Transaction.RemoveAttrs o ->
                    found(o, o.object()).ifPresent(draft -> draft.attrs.clear());
            case Transaction.Clone o -> clone(o);
            case Transaction.CloneRange o -> cloneRange(o);
            case Transaction.MakeCollection o -> makeCollection(o);
            case Transaction.RemoveCollection o -> removeCollection(o);
            case Transaction.MoveRename o ->
                    move(o, name(o, o.object()), new ObjectName(o.targetCollection(), o.target()));
            case Transaction.TryRename o -> {
                if (found(o, o.object()).isPresent()) {
                    move(o, name(o, o.object()), name(o, o.target()));
                }
            }
            case Transaction.SplitCollection o -> split(o);
            case Transaction.OmapSet o -> {
                Draft draft = made(o.collection(), o.object());
                draft.hasOmap |= !o.entries().isEmpty();
                o.entries()
                        .forEach((k, value) ->
                                layer.put(IndexKeys.omap(draft.nid, k), value.toArray()));
            }
            case Transaction.OmapRemove o ->
                    found(o, o.object())
                            .ifPresent(draft ->
                                    o.keys()
                                            .forEach(k ->
                                                    layer.put(IndexKeys.omap(draft.nid, k), null)));
            case Transaction.OmapRemoveRange o ->
                    found(o, o.object())
                            .ifPresent(draft ->
                                    removeOmap(
                                            IndexKeys.omap(draft.nid, o.first()),
                                            IndexKeys.omap(draft.nid, o.end())));
            case Transaction.OmapClear o -> found(o, o.object()).ifPresent(this::clearOmap);
            case Transaction.OmapSetHeader o ->
                    made(o.collection(), o.object()).omapHeader = o.header().detach();
        }
    }

    private static ObjectName name(Transaction.Op op, GhObject object) {
        return new ObjectName(op.collection(), object);
    }

    private boolean exists(CollectionId collection) {
        Boolean here = collections.get(collection);
        return here != null ? here : state.exists(collection);
    }

    private Optional<Draft> found(Transaction.Op op, GhObject object) {
        return found(name(op, object));
    }

    private Optional<Draft> found(ObjectName name) {
        Optional<Draft> here = drafts.get(name);
        if (here == null) {
            Onode onode = state.onodeOrNull(name);
            here = onode == null ? Optional.empty() : Optional.of(new Draft(onode.nid(), onode));
            if (onode != null) {
                drafts.put(name, here);
                before.put(name, onode.footprint());
            }
        }
        return here;
    }

    private Draft made(CollectionId collection, GhObject object) {
        ObjectName name = new ObjectName(collection, object);
        return found(name)
                .orElseGet(() -> {
                    Draft draft = new Draft(state.newNid());
                    drafts.put(name, Optional.of(draft));
                    return draft;
                });
    }

    private Draft source(Transaction.Op op, ObjectName name) {
        return found(name).orElseThrow(() -> Refusal.of(op, "there is no source"));
    }

    private void remove(ObjectName name) {
        found(name)
                .ifPresent(draft -> {
                    clearOmap(draft);
                    data.remove(draft);
                    drafts.put(name, Optional.empty());
                });
    }

    private void clearOmap(Draft draft) {
        if (draft.hasOmap) {
            removeOmap(IndexKeys.omap(draft.nid, ""), IndexKeys.omapEnd(draft.nid));
        }
        draft.hasOmap = false;
        draft.omapHeader = Bytes.EMPTY;
    }

    private void removeOmap(byte[] first, byte[] end) {
        List<byte[]> keys = new ArrayList<>();
        layer.scan(first, end, (key, value) -> keys.add(key));
        keys.forEach(key -> layer.put(key, null));
    }

    private void clone(Transaction.Clone o) {
        ObjectName target = name(o, o.target());
        Draft source = source(o, name(o, o.object()));
        if (o.object().equals(o.target())) {
            return;
        }
        remove(target);
        Draft copy = new Draft(state.newNid(), source.onode());
        data.share(copy.extents);
        if (source.hasOmap) {
            List<Index.Change> entries = new ArrayList<>();
            layer.scan(
                    IndexKeys.omap(source.nid, ""),
                    IndexKeys.omapEnd(source.nid),
                    (key, value) -> {
                        byte[] ofCopy = IndexKeys.omap(copy.nid, IndexKeys.omapKeyOf(key));
                        return entries.add(new Index.Change(ofCopy, value));
                    });
            entries.forEach(entry -> layer.put(entry.key(), entry.value()));
        }
        drafts.put(target, Optional.of(copy));
    }

    private void cloneRange(Transaction.CloneRange o) {
        ObjectName name = name(o, o.object());
        Draft source = source(o, name);
        Refusal.checkRange(o.offset(), o.length());
        Refusal.checkRange(o.targetOffset(), o.length());
        if (o.offset() + o.length() > source.size) {
            throw Refusal.of(o, "the source ends at " + source.size);
        }
        Draft target = made(o.collection(), o.target());
        if (o.length() > 0) {
            data.copy(name, source, o.offset(), o.length(), target, o.targetOffset());
        }
    }

    private void makeCollection(Transaction.MakeCollection o) {
        if (exists(o.collection())) {
            throw Refusal.of(o, "the collection exists");
        }
        collections.put(o.collection(), true);
        layer.put(IndexKeys.collection(o.collection()), new byte[] {(byte) o.bits()});
    }

    private void removeCollection(Transaction.RemoveCollection o) {
        draftsToLayer();
        if (!scanObjects(o.collection(), (key, value) -> false)) {
            throw Refusal.of(o, "the collection is not empty");
        }
        collections.put(o.collection(), false);
        layer.put(IndexKeys.collection(o.collection()), null);
    }

    private boolean scanObjects(CollectionId collection, IndexView.Visitor visitor) {
        byte[] first = IndexKeys.collection(collection);
        first[0] = 'O';
        return layer.scan(first, IndexKeys.objectsEnd(collection), visitor);
    }

    private void move(Transaction.Op op, ObjectName from, ObjectName to) {
        Draft draft = source(op, from);
        if (!exists(to.collection())) {
            throw Refusal.noCollection(to.collection());
        }
        if (!from.equals(to)) {
            remove(to);
            drafts.put(from, Optional.empty());
            drafts.put(to, Optional.of(draft));
        }
    }

    private void split(Transaction.SplitCollection o) {
        if (!exists(o.targetCollection())) {
            throw Refusal.noCollection(o.targetCollection());
        }
        draftsToLayer();
        List<GhObject> moving = new ArrayList<>();
        scanObjects(
                o.collection(),
                (key, value) -> {
                    GhObject object = IndexKeys.objectOf(key);
                    if (Refusal.splits(o, object)) {
                        moving.add(object);
                    }
                    return true;
                });
        for (GhObject object : moving) {
            move(o, name(o, object), new ObjectName(o.targetCollection(), object));
        }
    }

    private void draftsToLayer() {
        drafts.forEach((name, draft) -> {
            byte[] key = name.key();
            byte @Nullable [] value =
                    draft.isPresent() ? draft.orElseThrow().onode().encode(key) : null;
            layer.put(key, value);
        });
    }
}
