package io.sepiola.osd.op;

import io.sepiola.protocol.osd.OsdOp;

import java.util.List;

/**
 * What the operations of one message do. Told from the operations, not from the message's flags:
 * some clients call writing methods with the read flag.
 *
 * @param reads whether anything of an object is read or compared
 * @param writes whether an object may change
 * @param ofGroup whether the placement group is asked, not an object
 */
public record OpKinds(boolean reads, boolean writes, boolean ofGroup) {
    /** Looks at each operation. */
    public static OpKinds of(List<OsdOp> ops) {
        boolean reads = false;
        boolean writes = false;
        boolean ofGroup = false;
        for (OsdOp op : ops) {
            switch (op) {
                case OsdOp.Read _, OsdOp.SparseRead _, OsdOp.MapExtents _, OsdOp.Checksum _ ->
                        reads = true;
                case OsdOp.CompareExtent _, OsdOp.Stat _, OsdOp.GetXattr _, OsdOp.GetXattrs _ ->
                        reads = true;
                case OsdOp.CompareXattr _, OsdOp.OmapGetKeys _, OsdOp.OmapGetVals _ -> reads = true;
                case OsdOp.OmapGetHeader _, OsdOp.OmapGetValsByKeys _, OsdOp.OmapCompare _ ->
                        reads = true;
                case OsdOp.AssertVersion _, OsdOp.ListWatchers _, OsdOp.ListSnaps _ -> reads = true;
                case OsdOp.Notify _, OsdOp.NotifyAck _, OsdOp.CopyGet _, OsdOp.IsDirty _ ->
                        reads = true;
                case OsdOp.PgList _, OsdOp.PgNamespaceList _, OsdOp.ListInconsistent _ -> {
                    reads = true;
                    ofGroup = true;
                }
                case OsdOp.Write _, OsdOp.WriteFull _, OsdOp.WriteSame _, OsdOp.Append _ ->
                        writes = true;
                case OsdOp.Zero _, OsdOp.Truncate _, OsdOp.Create _, OsdOp.Delete _ ->
                        writes = true;
                case OsdOp.SetXattr _, OsdOp.RemoveXattr _, OsdOp.OmapSetVals _ -> writes = true;
                case OsdOp.OmapSetHeader _, OsdOp.OmapClear _, OsdOp.OmapRemoveKeys _ ->
                        writes = true;
                case OsdOp.OmapRemoveRange _, OsdOp.SetAllocationHint _ -> writes = true;
                case OsdOp.Watch _, OsdOp.Rollback _, OsdOp.CopyFrom _, OsdOp.CopyFrom2 _ ->
                        writes = true;
                case OsdOp.Call _ -> reads = true; // no class is known yet
                case OsdOp.Unknown unknown -> {
                    writes |= (unknown.code() & 0x2000) != 0; // CEPH_OSD_OP_MODE_WR
                    reads |= (unknown.code() & 0x1000) != 0; // CEPH_OSD_OP_MODE_RD
                }
            }
        }
        return new OpKinds(reads, writes, ofGroup);
    }
}
