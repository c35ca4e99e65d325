package io.sepiola.osd.pg;

import io.sepiola.osd.peering.MissingSet;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.MissingItem;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.PgMissing;

import java.util.Map;
import java.util.TreeMap;

/** What a member lacks, as it is told to others. */
final class MissingWire {
    private MissingWire() {}

    static MissingSet decode(PgMissing wire) {
        Map<HObject, MissingSet.Item> items = new TreeMap<>();
        wire.items()
                .forEach((object, item) -> {
                    if (!item.isDelete()) {
                        items.put(
                                object,
                                new MissingSet.Item(
                                        item.need(), item.have(), item.cleanRegions().newObject()));
                    }
                });
        return new MissingSet(items);
    }

    static PgMissing encode(MissingSet missing) {
        Map<HObject, MissingItem> items = new TreeMap<>();
        missing.items()
                .forEach((object, item) ->
                        items.put(
                                object,
                                new MissingItem(
                                        item.need(),
                                        item.have(),
                                        0,
                                        item.isNew()
                                                ? ObjectCleanRegions.NEW
                                                : ObjectCleanRegions.DIRTY)));
        return new PgMissing(items, true);
    }
}
