package io.sepiola.store;

import io.sepiola.protocol.osd.CollectionId;

import java.util.Comparator;

/** Orders collections: the daemon's own first, then placement groups. */
final class CollectionOrder implements Comparator<CollectionId> {
    static final CollectionOrder ORDER = new CollectionOrder();

    private CollectionOrder() {}

    @Override
    public int compare(CollectionId a, CollectionId b) {
        return switch (a) {
            case CollectionId.Meta _ -> b instanceof CollectionId.Meta ? 0 : -1;
            case CollectionId.Pg(var pg) ->
                    b instanceof CollectionId.Pg(var other) ? pg.compareTo(other) : 1;
        };
    }
}
