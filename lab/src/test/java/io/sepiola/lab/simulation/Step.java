package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.client.IoContext;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** One change of one object: how it is asked for, and what must come of it. */
sealed interface Step {
    /** The object after it; null when it must fail with ENOENT. */
    @Nullable ObjectState appliedOrNull(ObjectState before);

    /** Asks for it. */
    void addTo(IoContext.WriteOperation operation);

    /** Replaces all data. */
    record WriteFull(Bytes data) implements Step {
        @Override
        public ObjectState appliedOrNull(ObjectState before) {
            return before.withData(data);
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.writeFull(data);
        }
    }

    /** Writes a range. */
    record Write(int offset, Bytes data) implements Step {
        @Override
        public ObjectState appliedOrNull(ObjectState before) {
            Bytes old = before.data();
            Bytes head =
                    old.size() >= offset
                            ? old.slice(0, offset)
                            : Bytes.concat(old, Bytes.zeros(offset - old.size()));
            int end = offset + data.size();
            Bytes tail = old.size() > end ? old.slice(end) : Bytes.EMPTY;
            return before.withData(Bytes.concat(head, data, tail));
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.write(offset, data);
        }
    }

    /** Writes at the end. */
    record Append(Bytes data) implements Step {
        @Override
        public ObjectState appliedOrNull(ObjectState before) {
            return before.withData(Bytes.concat(before.data(), data));
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.append(data);
        }
    }

    /** Sets the size; does nothing to an absent object. */
    record Truncate(int size) implements Step {
        @Override
        public ObjectState appliedOrNull(ObjectState before) {
            if (!before.exists()) {
                return before;
            }
            Bytes old = before.data();
            return before.withData(
                    old.size() >= size
                            ? old.slice(0, size)
                            : Bytes.concat(old, Bytes.zeros(size - old.size())));
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.truncate(size);
        }
    }

    /** Sets an attribute. */
    record SetXattr(String name, Bytes value) implements Step {
        @Override
        public ObjectState appliedOrNull(ObjectState before) {
            SortedMap<String, Bytes> xattrs = new TreeMap<>(before.xattrs());
            xattrs.put(name, value);
            return before.withXattrs(xattrs);
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.setXattr(name, value);
        }
    }

    /** Removes an attribute, if it is there. */
    record RemoveXattr(String name) implements Step {
        @Override
        public @Nullable ObjectState appliedOrNull(ObjectState before) {
            SortedMap<String, Bytes> xattrs = new TreeMap<>(before.xattrs());
            xattrs.remove(name);
            return before.exists() ? before.withXattrs(xattrs) : null;
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.removeXattr(name);
        }
    }

    /** Sets omap entries. */
    record SetOmap(SortedMap<String, Bytes> entries) implements Step {
        @Override
        public ObjectState appliedOrNull(ObjectState before) {
            SortedMap<String, Bytes> omap = new TreeMap<>(before.omap());
            omap.putAll(entries);
            return before.withOmap(omap);
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.setOmap(entries);
        }
    }

    /** Removes omap entries, those that are there. */
    record RemoveOmap(SortedSet<String> keys) implements Step {
        @Override
        public @Nullable ObjectState appliedOrNull(ObjectState before) {
            SortedMap<String, Bytes> omap = new TreeMap<>(before.omap());
            omap.keySet().removeAll(keys);
            return before.exists() ? before.withOmap(omap) : null;
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.removeOmap(keys);
        }
    }

    /** Removes all omap entries. */
    record ClearOmap() implements Step {
        @Override
        public @Nullable ObjectState appliedOrNull(ObjectState before) {
            return before.exists() ? before.withOmap(new TreeMap<>()) : null;
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.clearOmap();
        }
    }

    /** Removes the object. */
    record Remove() implements Step {
        @Override
        public @Nullable ObjectState appliedOrNull(ObjectState before) {
            return before.exists() ? ObjectState.ABSENT : null;
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.remove();
        }
    }
}
