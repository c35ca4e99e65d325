package io.sepiola.protocol.caps;

import io.sepiola.protocol.caps.OsdCaps.ClassCall;
import io.sepiola.protocol.caps.OsdCaps.Target;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** One grant of an OSD's caps: what it is about, and what is allowed there. */
record OsdGrant(Match match, Spec spec, Network network) {
    OsdGrant(Match match, Spec spec) {
        this(match, spec, Network.ANY);
    }

    OsdGrant in(Network where) {
        return new OsdGrant(match, spec, where);
    }

    /**
     * What it is about; null does not limit.
     *
     * @param namespace one, or with a star at its end those that begin so
     */
    record Match(
            @Nullable String pool,
            @Nullable String namespace,
            @Nullable String prefix,
            @Nullable Tag tag) {
        boolean isAll() {
            return pool == null && namespace == null && prefix == null && tag == null;
        }

        boolean holds(Target target) {
            return (pool == null || pool.equals(target.pool()))
                    && (namespace == null || holds(namespace, target.namespace()))
                    && (prefix == null || target.object().startsWith(prefix))
                    && (tag == null || tag.isOn(target.applications()));
        }

        private static boolean holds(String wanted, String actual) {
            return wanted.equals(actual)
                    || wanted.endsWith("*")
                            && actual.startsWith(wanted.substring(0, wanted.length() - 1));
        }
    }

    /** What a pool's application must have; a star stands for any. */
    record Tag(String application, String key, String value) {
        boolean isOn(Map<String, ? extends Map<String, String>> applications) {
            Map<String, String> values = applications.get(application);
            if (values == null) {
                return false;
            }
            if (key.equals("*")) {
                return value.equals("*") || values.containsValue(value);
            }
            String actual = values.get(key);
            return actual != null && (value.equals("*") || value.equals(actual));
        }
    }

    /**
     * What is allowed.
     *
     * @param access a mask; 0 when a class is named
     * @param method of that class; null for all
     */
    record Spec(int access, @Nullable String className, @Nullable String method) {
        static final int READ = 1;
        static final int WRITE = 2;
        static final int CLASS_READ = 4;
        static final int CLASS_WRITE = 8;
        static final int EXECUTE = CLASS_READ | CLASS_WRITE;

        /** More than all others together: classes that are not listed, and commands. */
        static final Spec ANY = of(16 | READ | WRITE | EXECUTE);

        static Spec of(int access) {
            return new Spec(access, null, null);
        }

        static Spec ofClass(String name, @Nullable String method) {
            return new Spec(0, name, method);
        }

        /** From bits for r, w and x. */
        static int ofLetters(int letters) {
            return letters & 3 | ((letters & 4) == 0 ? 0 : EXECUTE);
        }

        boolean isAny() {
            return equals(ANY);
        }

        boolean allows(ClassCall call) {
            if (className != null
                    && className.equals(call.name())
                    && (method == null || method.equals(call.method()))) {
                return true;
            }
            return call.listed()
                    && (!call.reads() || (access & CLASS_READ) != 0)
                    && (!call.writes() || (access & CLASS_WRITE) != 0);
        }
    }

    boolean allowsAll() {
        return match.isAll() && spec.isAny();
    }

    /**
     * Whether this covers an operation.
     *
     * @param allowed which calls an earlier grant allows; what this one allows is added
     */
    boolean allows(
            Target target, boolean read, boolean write, List<ClassCall> calls, boolean[] allowed) {
        if (!match.holds(target)
                || read && (spec.access & Spec.READ) == 0
                || write && (spec.access & Spec.WRITE) == 0) {
            return false;
        }
        if (spec.isAny()) {
            return true;
        }
        boolean all = true;
        for (int i = 0; i < calls.size(); i++) {
            allowed[i] |= spec.allows(calls.get(i));
            all &= allowed[i];
        }
        return all;
    }

    /** What a profile stands for; one that OSDs do not know gives nothing, as in Ceph. */
    static List<OsdGrant> profile(String name, @Nullable String pool, @Nullable String namespace) {
        Match there = new Match(pool, namespace, null, null);
        Match headers = new Match(pool, namespace, "rbd_header.", null);
        return switch (name) {
            case "read-only" -> List.of(new OsdGrant(there, Spec.of(Spec.READ)));
            case "read-write" -> List.of(new OsdGrant(there, Spec.of(Spec.READ | Spec.WRITE)));
            case "rbd" ->
                    List.of(
                            new OsdGrant(prefixed("rbd_children"), Spec.of(Spec.CLASS_READ)),
                            new OsdGrant(prefixed("rbd_mirroring"), Spec.of(Spec.CLASS_READ)),
                            new OsdGrant(
                                    prefixed("rbd_info"), Spec.ofClass("rbd", "metadata_list")),
                            new OsdGrant(there, Spec.of(Spec.READ | Spec.WRITE | Spec.EXECUTE)));
            case "rbd-read-only" ->
                    List.of(
                            new OsdGrant(there, Spec.of(Spec.READ | Spec.CLASS_READ)),
                            new OsdGrant(headers, Spec.ofClass("rbd", "child_attach")),
                            new OsdGrant(headers, Spec.ofClass("rbd", "child_detach")),
                            new OsdGrant(
                                    prefixed("rbd_info"), Spec.ofClass("rbd", "metadata_list")));
            default -> List.of();
        };
    }

    private static Match prefixed(String object) {
        return new Match(null, null, object, null);
    }
}
