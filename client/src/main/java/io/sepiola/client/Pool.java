package io.sepiola.client;

import io.sepiola.base.Shard;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OpOutputs;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.SnapContext;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A pool as the objecter reaches it. Immutable; may be shared. */
final class Pool implements IoContext {
    private final Shard shard;
    private final Objecter objecter;
    private final String name;
    private final ObjectLocator locator;
    private final int flags;

    Pool(Shard shard, Objecter objecter, String name, ObjectLocator locator, int flags) {
        this.shard = shard;
        this.objecter = objecter;
        this.name = name;
        this.locator = locator;
        this.flags = flags;
    }

    /** Where a listing goes on. */
    private record At(HObject object) implements Cursor {}

    @Override
    public String pool() {
        return name;
    }

    @Override
    public long poolId() {
        return locator.pool();
    }

    @Override
    public IoContext withNamespace(String namespace) {
        return with(new ObjectLocator(locator.pool(), locator.key(), namespace, -1), flags);
    }

    @Override
    public IoContext withLocator(String key) {
        return with(new ObjectLocator(locator.pool(), key, locator.namespace(), -1), flags);
    }

    @Override
    public IoContext failingWhenFull() {
        return with(locator, flags | MOSDOp.FULL_TRY);
    }

    ObjectLocator locator() {
        return locator;
    }

    private Pool with(ObjectLocator newLocator, int newFlags) {
        return new Pool(shard, objecter, name, newLocator, newFlags);
    }

    @Override
    public WriteOperation write() {
        return new WriteSteps(this);
    }

    @Override
    public ReadOperation read() {
        return new ReadSteps(this);
    }

    CompletableFuture<MOSDOpReply> submit(String object, List<OsdOp> steps, int direction) {
        int all = direction == MOSDOp.WRITE ? direction | flags : direction;
        return submit(new Aim.ForObject(locator, object), steps, all)
                .thenApply(reply -> checked(reply, object));
    }

    private CompletableFuture<MOSDOpReply> submit(Aim aim, List<OsdOp> steps, int direction) {
        Operation.Request request =
                new Operation.Request(
                        aim,
                        List.copyOf(steps),
                        direction,
                        HObject.HEAD,
                        SnapContext.NONE,
                        Utime.of(shard.clock().now()));
        if (shard.isCurrent()) {
            return objecter.submit(request);
        }
        CompletableFuture<MOSDOpReply> answer = new CompletableFuture<>();
        shard.execute(() ->
                objecter.submit(request)
                        .whenComplete((reply, failure) -> {
                            if (failure == null) {
                                answer.complete(reply);
                            } else {
                                answer.completeExceptionally(failure);
                            }
                        }));
        return answer;
    }

    private MOSDOpReply checked(MOSDOpReply reply, String object) {
        if (reply.result() < 0) {
            int errno = -reply.result();
            throw new RadosException(errno, name + "/" + object + ": " + explain(errno));
        }
        return reply;
    }

    private static String explain(int errno) {
        return switch (errno) {
            case Errno.ESHUTDOWN ->
                    "ESHUTDOWN: the cluster has shut this client out (blocklist); see 'ceph osd"
                            + " blocklist ls'";
            case Errno.EPERM ->
                    "EPERM: this user's capabilities do not allow it; see 'ceph auth get'";
            default -> Errno.describe(errno);
        };
    }

    @Override
    public CompletableFuture<ObjectPage> list(@Nullable Cursor cursor, int countMax) {
        return list(cursor instanceof At at ? at.object : first(), countMax);
    }

    /** The smallest hash of all, and therefore the first placement group. */
    private static HObject first() {
        return HObject.MIN;
    }

    private CompletableFuture<ObjectPage> list(HObject from, int countMax) {
        OsdOp step = new OsdOp.PgNamespaceList(countMax, epoch(), from);
        return submit(
                        new Aim.ForListing(locator, from),
                        List.of(step),
                        MOSDOp.READ | MOSDOp.IGNORE_OVERLAY)
                .thenCompose(reply -> {
                    checked(reply, "");
                    OpOutputs.PgListing listing =
                            OpOutputs.PgListing.CODEC.fromBytes(reply.ops().getFirst().output());
                    return page(listing, countMax);
                });
    }

    /** A group without objects of the namespace is no page: the listing goes on with the next. */
    private CompletableFuture<ObjectPage> page(OpOutputs.PgListing listing, int countMax) {
        HObject next = listing.next();
        if (listing.entries().isEmpty() && !next.isMax()) {
            return list(next, countMax);
        }
        List<ListedObject> objects =
                listing.entries().stream()
                        .map(e -> new ListedObject(e.namespace(), e.name(), e.key()))
                        .toList();
        return CompletableFuture.completedFuture(
                new ObjectPage(objects, next.isMax() ? null : new At(next)));
    }

    private int epoch() {
        return objecter.epoch();
    }
}
