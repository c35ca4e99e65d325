package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.client.IoContext.Comparison;
import io.sepiola.client.IoContext.ReadOperation;
import io.sepiola.client.IoContext.ReadResults;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.osd.OsdOp;

import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/** A compound read being put together. */
final class ReadSteps implements ReadOperation {
    private final Pool pool;
    private final Steps steps = new Steps();
    private boolean mayLend;

    ReadSteps(Pool pool) {
        this.pool = pool;
    }

    private ReadOperation add(OsdOp step) {
        steps.add(step);
        return this;
    }

    @Override
    public ReadOperation compareXattr(String name, Comparison comparison, Bytes value) {
        steps.compareXattr(name, comparison, value);
        return this;
    }

    @Override
    public ReadOperation read(long offset, int length) {
        return add(new OsdOp.Read(offset, length));
    }

    @Override
    public ReadOperation stat() {
        return add(new OsdOp.Stat());
    }

    @Override
    public ReadOperation xattr(String name) {
        return add(new OsdOp.GetXattr(name));
    }

    @Override
    public ReadOperation xattrs() {
        return add(new OsdOp.GetXattrs());
    }

    @Override
    public ReadOperation omap(String after, String prefix, int countMax) {
        return add(new OsdOp.OmapGetVals(after, countMax, prefix));
    }

    @Override
    public ReadOperation omapKeys(String after, int countMax) {
        return add(new OsdOp.OmapGetKeys(after, countMax));
    }

    @Override
    public ReadOperation omapOf(SortedSet<String> keys) {
        return add(new OsdOp.OmapGetValsByKeys(Steps.inByteOrder(keys)));
    }

    @Override
    public ReadOperation omapHeader() {
        return add(new OsdOp.OmapGetHeader());
    }

    @Override
    public ReadOperation call(String className, String method, Bytes input) {
        return add(new OsdOp.Call(className, method, input));
    }

    @Override
    public ReadOperation lastMayFail() {
        steps.lastMayFail();
        return this;
    }

    @Override
    public ReadOperation mayLend() {
        mayLend = true;
        return this;
    }

    @Override
    public CompletableFuture<ReadResults> submit(String object) {
        boolean lent = mayLend;
        return pool.submit(object, steps.list(), MOSDOp.READ)
                .thenApply(reply -> new ReadAnswer(lent ? reply : reply.settled()));
    }
}
