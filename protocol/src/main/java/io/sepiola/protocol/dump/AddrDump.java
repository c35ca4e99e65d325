package io.sepiola.protocol.dump;

import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;

/** Addresses. */
final class AddrDump {
    private AddrDump() {}

    /** The fields of one address. */
    static void addr(EntityAddr addr, JsonDump out) {
        out.put("type", Texts.kind(addr));
        out.put("addr", Texts.place(addr));
        out.unsigned("nonce", addr.nonce());
    }

    /** The fields of a listener's addresses. */
    static void addrs(EntityAddrVec addrs, JsonDump out) {
        out.array(
                "addrvec", () -> addrs.addrs().forEach(addr -> out.object(() -> addr(addr, out))));
    }

    /** The same as an object of that name. */
    static void addrs(String name, EntityAddrVec addrs, JsonDump out) {
        out.object(name, () -> addrs(addrs, out));
    }
}
