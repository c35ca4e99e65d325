package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.client.IoContext.ObjectStat;
import io.sepiola.client.IoContext.OmapEntries;
import io.sepiola.client.IoContext.OmapKeys;
import io.sepiola.client.IoContext.ReadResults;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.OpOutputs;

import java.util.SortedMap;

/** What a compound read gave. Immutable; may be shared. */
final class ReadAnswer implements ReadResults {
    private final MOSDOpReply reply;

    ReadAnswer(MOSDOpReply reply) {
        this.reply = reply;
    }

    @Override
    public long version() {
        return reply.userVersion();
    }

    @Override
    public int result(int step) {
        return reply.ops().get(step).result();
    }

    @Override
    public Bytes data(int step) {
        return reply.ops().get(step).output();
    }

    @Override
    public ObjectStat stat(int step) {
        OpOutputs.Stat stat = OpOutputs.Stat.CODEC.fromBytes(data(step));
        return new ObjectStat(stat.size(), stat.modified().toInstant());
    }

    @Override
    public SortedMap<String, Bytes> entries(int step) {
        return Steps.inByteOrder(OpOutputs.ENTRIES.fromBytes(data(step)));
    }

    @Override
    public OmapEntries omap(int step) {
        OpOutputs.OmapVals values = OpOutputs.OmapVals.CODEC.fromBytes(data(step));
        return new OmapEntries(Steps.inByteOrder(values.entries()), values.more());
    }

    @Override
    public OmapKeys omapKeys(int step) {
        OpOutputs.OmapKeys keys = OpOutputs.OmapKeys.CODEC.fromBytes(data(step));
        return new OmapKeys(keys.keys(), keys.more());
    }
}
