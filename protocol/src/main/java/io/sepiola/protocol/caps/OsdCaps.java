package io.sepiola.protocol.caps;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityAddr;

import java.util.List;
import java.util.Map;

/**
 * What a client may do on an OSD (OSDCap), read from the text in its ticket; the grammar is {@link
 * OsdGrammar}'s. One grant must cover all that an operation reads and writes.
 */
public final class OsdCaps {
    /** Nothing is allowed. */
    public static final OsdCaps NONE = new OsdCaps(List.of());

    /** Everything is allowed. */
    public static final OsdCaps ALL = parse("allow *");

    private final List<OsdGrant> grants;

    private OsdCaps(List<OsdGrant> grants) {
        this.grants = List.copyOf(grants);
    }

    /**
     * An object class's method as an operation calls it.
     *
     * @param listed whether the class is among those that need no more than x
     */
    public record ClassCall(
            String name, String method, boolean reads, boolean writes, boolean listed) {}

    /**
     * What an operation touches.
     *
     * @param object its locator's key, when it has one; empty for a whole placement group
     * @param applications of the pool, with their keys and values
     */
    public record Target(
            String pool,
            String namespace,
            String object,
            Map<String, ? extends Map<String, String>> applications) {}

    /**
     * Whether an operation may run.
     *
     * @param read whether objects are read, other than by a class
     * @param write whether objects are changed, other than by a class
     */
    public boolean allow(Target target, boolean read, boolean write, List<ClassCall> calls) {
        boolean[] allowed = new boolean[calls.size()];
        for (OsdGrant grant : grants) {
            if (grant.allows(target, read, write, calls, allowed)) {
                return true;
            }
        }
        return false;
    }

    /** Whether everything is allowed everywhere. */
    public boolean allowAll() {
        return grants.stream().anyMatch(OsdGrant::allowsAll);
    }

    /**
     * What of these counts for somebody who is seen to come from there: without what is for other
     * networks.
     */
    public OsdCaps heldBy(EntityAddr from) {
        return new OsdCaps(
                grants.stream().filter(grant -> grant.network().contains(from)).toList());
    }

    /** Reads a ticket's caps: one encoded string; {@link #NONE} for what cannot be read. */
    public static OsdCaps of(Bytes caps, boolean allowAll) {
        if (allowAll) {
            return ALL;
        }
        if (caps.isEmpty()) {
            return NONE;
        }
        try {
            return parse(new Decoder(caps).string());
        } catch (Malformed unreadable) {
            return NONE;
        }
    }

    /**
     * Reads the text.
     *
     * @throws Malformed in Ceph's words, when it does not follow the grammar
     */
    public static OsdCaps parse(String text) {
        return new OsdCaps(OsdGrammar.parse(text));
    }
}
