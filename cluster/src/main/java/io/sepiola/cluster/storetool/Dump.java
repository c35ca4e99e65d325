package io.sepiola.cluster.storetool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.protocol.dump.DumpedTypes;
import io.sepiola.protocol.dump.JsonDump;

import java.util.Objects;

/** Ceph's JSON of a value, by the name of its type. */
final class Dump {
    private Dump() {}

    /** Alone. */
    static String json(boolean pretty, String type, Bytes encoded) {
        return type(type).decode(encoded).json(pretty);
    }

    /** Its fields, into an object that is open. */
    static <T> void fields(String type, Codec<T> codec, T value, JsonDump into) {
        fields(type, codec.toBytes(value), into);
    }

    /** The same of what is encoded. */
    static void fields(String type, Bytes encoded, JsonDump into) {
        type(type).decode(encoded).fields(into);
    }

    private static DumpedTypes.Type<?> type(String name) {
        return Objects.requireNonNull(DumpedTypes.all().get(name), name);
    }
}
