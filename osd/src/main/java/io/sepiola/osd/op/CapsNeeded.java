package io.sepiola.osd.op;

import io.sepiola.protocol.caps.OsdCaps.ClassCall;
import io.sepiola.protocol.osd.OsdOp;

import java.util.ArrayList;
import java.util.List;

/**
 * What caps the operations of one message need (OpInfo). A class's method needs its own kind of
 * caps; a watch also reads, because what it does depends on the watches that there are.
 *
 * @param reads whether objects are read, other than by a class
 * @param writes whether objects are changed, other than by a class
 */
public record CapsNeeded(boolean reads, boolean writes, List<ClassCall> calls) {
    /** Looks at each operation. */
    public static CapsNeeded of(List<OsdOp> ops) {
        List<OsdOp> others = new ArrayList<>(ops.size());
        List<ClassCall> calls = new ArrayList<>(0);
        boolean watches = false;
        boolean changesWatches = false;
        for (OsdOp op : ops) {
            switch (op) {
                // No class is known yet, so that none is known to read only.
                case OsdOp.Call call ->
                        calls.add(
                                new ClassCall(call.objectClass(), call.method(), true, true, true));
                case OsdOp.Watch watch -> {
                    watches = true;
                    changesWatches |= watch.action() != OsdOp.Watch.PING;
                }
                default -> others.add(op);
            }
        }
        OpKinds kinds = OpKinds.of(others);
        return new CapsNeeded(kinds.reads() || watches, kinds.writes() || changesWatches, calls);
    }
}
