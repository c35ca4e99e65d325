package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.client.IoContext;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** One change of one object: how it is asked for, and what must come of it. */
sealed interface Step {
    /** No such object. */
    int ENOENT = 2;

    /** The object is there already. */
    int EEXIST = 17;

    /** A comparison does not hold. */
    int ECANCELED = 125;

    /** The error with which it must fail; 0 when it must not. */
    default int refusal(ObjectState before) {
        return 0;
    }

    /** The object after it. */
    ObjectState after(ObjectState before);

    /** Asks for it. */
    void addTo(IoContext.WriteOperation operation);

    /** Replaces all data. */
    record WriteFull(Bytes data) implements Step {
        @Override
        public ObjectState after(ObjectState before) {
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
        public ObjectState after(ObjectState before) {
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
        public ObjectState after(ObjectState before) {
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
        public ObjectState after(ObjectState before) {
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
        public ObjectState after(ObjectState before) {
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
        public int refusal(ObjectState before) {
            return before.exists() ? 0 : ENOENT;
        }

        @Override
        public ObjectState after(ObjectState before) {
            SortedMap<String, Bytes> xattrs = new TreeMap<>(before.xattrs());
            xattrs.remove(name);
            return before.withXattrs(xattrs);
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.removeXattr(name);
        }
    }

    /** Sets omap entries. */
    record SetOmap(SortedMap<String, Bytes> entries) implements Step {
        @Override
        public ObjectState after(ObjectState before) {
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
        public int refusal(ObjectState before) {
            return before.exists() ? 0 : ENOENT;
        }

        @Override
        public ObjectState after(ObjectState before) {
            SortedMap<String, Bytes> omap = new TreeMap<>(before.omap());
            omap.keySet().removeAll(keys);
            return before.withOmap(omap);
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.removeOmap(keys);
        }
    }

    /** Removes all omap entries. */
    record ClearOmap() implements Step {
        @Override
        public int refusal(ObjectState before) {
            return before.exists() ? 0 : ENOENT;
        }

        @Override
        public ObjectState after(ObjectState before) {
            return before.withOmap(new TreeMap<>());
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.clearOmap();
        }
    }

    /** Removes the object. */
    record Remove() implements Step {
        @Override
        public int refusal(ObjectState before) {
            return before.exists() ? 0 : ENOENT;
        }

        @Override
        public ObjectState after(ObjectState before) {
            return ObjectState.ABSENT;
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.remove();
        }
    }

    /** Makes a range read as zeros, or cuts the object off where nothing would follow. */
    record Zero(int offset, int length) implements Step {
        @Override
        public ObjectState after(ObjectState before) {
            Bytes old = before.data();
            if (!before.exists() || length == 0 || offset >= old.size()) {
                return before;
            }
            Bytes head = old.slice(0, offset);
            return before.withData(
                    offset + length >= old.size()
                            ? head
                            : Bytes.concat(head, Bytes.zeros(length), old.slice(offset + length)));
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.zero(offset, length);
        }
    }

    /** Makes the object, which must not be there. */
    record Create() implements Step {
        @Override
        public int refusal(ObjectState before) {
            return before.exists() ? EEXIST : 0;
        }

        @Override
        public ObjectState after(ObjectState before) {
            return before.withData(before.data());
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.create(true);
        }
    }

    /** States that the object is there. */
    record AssertExists() implements Step {
        @Override
        public int refusal(ObjectState before) {
            return before.exists() ? 0 : ENOENT;
        }

        @Override
        public ObjectState after(ObjectState before) {
            return before;
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.assertExists();
        }
    }

    /** States what an attribute of an object that is there holds. */
    record CompareXattr(String name, Bytes value) implements Step {
        @Override
        public int refusal(ObjectState before) {
            return before.xattrs().getOrDefault(name, Bytes.EMPTY).equals(value) ? 0 : ECANCELED;
        }

        @Override
        public ObjectState after(ObjectState before) {
            return before;
        }

        @Override
        public void addTo(IoContext.WriteOperation operation) {
            operation.compareXattr(name, IoContext.Comparison.EQ, value);
        }
    }
}
