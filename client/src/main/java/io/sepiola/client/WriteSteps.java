package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.client.IoContext.Comparison;
import io.sepiola.client.IoContext.WriteOperation;
import io.sepiola.client.IoContext.WriteResult;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/** A compound write being put together. */
final class WriteSteps implements WriteOperation {
    private final Pool pool;
    private final Steps steps = new Steps();

    WriteSteps(Pool pool) {
        this.pool = pool;
    }

    private WriteOperation add(OsdOp step) {
        steps.add(step);
        return this;
    }

    @Override
    public WriteOperation assertVersion(long version) {
        return add(new OsdOp.AssertVersion(version));
    }

    @Override
    public WriteOperation assertExists() {
        return add(new OsdOp.Stat());
    }

    @Override
    public WriteOperation compareXattr(String name, Comparison comparison, Bytes value) {
        steps.compareXattr(name, comparison, value);
        return this;
    }

    @Override
    public WriteOperation compareOmap(String key, Comparison comparison, Bytes value) {
        steps.compareOmap(key, comparison, value);
        return this;
    }

    @Override
    public WriteOperation create(boolean exclusive) {
        return add(new OsdOp.Create(exclusive ? OsdOp.EXCLUSIVE : 0));
    }

    @Override
    public WriteOperation write(long offset, Bytes data) {
        return add(new OsdOp.Write(offset, data));
    }

    @Override
    public WriteOperation writeFull(Bytes data) {
        return add(new OsdOp.WriteFull(data));
    }

    @Override
    public WriteOperation append(Bytes data) {
        return add(new OsdOp.Append(data));
    }

    @Override
    public WriteOperation zero(long offset, long length) {
        // A real OSD stops on a range of no length.
        return length == 0 ? this : add(new OsdOp.Zero(offset, length));
    }

    @Override
    public WriteOperation truncate(long size) {
        return add(new OsdOp.Truncate(size));
    }

    @Override
    public WriteOperation remove() {
        return add(new OsdOp.Delete());
    }

    @Override
    public WriteOperation setXattr(String name, Bytes value) {
        return add(new OsdOp.SetXattr(name, value));
    }

    @Override
    public WriteOperation removeXattr(String name) {
        return add(new OsdOp.RemoveXattr(name));
    }

    @Override
    public WriteOperation setOmap(SortedMap<String, Bytes> entries) {
        return add(new OsdOp.OmapSetVals(Steps.inByteOrder(entries)));
    }

    @Override
    public WriteOperation removeOmap(SortedSet<String> keys) {
        return add(new OsdOp.OmapRemoveKeys(Steps.inByteOrder(keys)));
    }

    @Override
    public WriteOperation removeOmapRange(String first, String end) {
        return add(new OsdOp.OmapRemoveRange(first, end));
    }

    @Override
    public WriteOperation clearOmap() {
        return add(new OsdOp.OmapClear());
    }

    @Override
    public WriteOperation setOmapHeader(Bytes header) {
        return add(new OsdOp.OmapSetHeader(header));
    }

    @Override
    public WriteOperation allocationHint(long objectSize, long writeSize) {
        return add(new OsdOp.SetAllocationHint(objectSize, writeSize, 0, OsdOp.FAIL_OK));
    }

    @Override
    public WriteOperation call(String className, String method, Bytes input) {
        return add(new OsdOp.Call(className, method, input));
    }

    @Override
    public WriteOperation copyFrom(IoContext source, String object, long version) {
        return add(
                new OsdOp.CopyFrom(object, ((Pool) source).locator(), HObject.HEAD, version, 0, 0));
    }

    @Override
    public WriteOperation lastMayFail() {
        steps.lastMayFail();
        return this;
    }

    @Override
    public CompletableFuture<WriteResult> submit(String object) {
        return pool.submit(object, steps.list(), MOSDOp.WRITE)
                .thenApply(reply -> new WriteResult(reply.userVersion()));
    }
}
