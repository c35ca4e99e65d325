package io.sepiola.monitor.text;

import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Addresses as Ceph's JSON shows them. */
public final class AddrText {
    private AddrText() {}

    /** {@code {"addrvec":[{"type":"v2","addr":"127.0.0.1:6800","nonce":0}]}}. */
    public static ObjectNode json(EntityAddrVec addrs) {
        ObjectNode node = JsonText.object();
        ArrayNode vector = node.putArray("addrvec");
        addrs.addrs()
                .forEach(addr ->
                        vector.addObject()
                                .put("type", kind(addr))
                                .put("addr", place(addr))
                                .put("nonce", Integer.toUnsignedLong(addr.nonce())));
        return node;
    }

    private static String kind(EntityAddr addr) {
        return switch (addr.kind()) {
            case EntityAddr.LEGACY -> "v1";
            case EntityAddr.MSGR2 -> "v2";
            case EntityAddr.ANY -> "any";
            default -> "none";
        };
    }

    private static String place(EntityAddr addr) {
        if (addr.isBlank()) {
            return "(unrecognized address family 0)";
        }
        String text = legacy(addr);
        return text.substring(0, text.lastIndexOf('/'));
    }

    /** {@code 127.0.0.1:6801/0}: the address of before messenger v2, or the first one. */
    public static String legacy(EntityAddrVec addrs) {
        return addrs.addrs().stream()
                .filter(addr -> addr.kind() == EntityAddr.LEGACY)
                .findFirst()
                .or(() -> addrs.addrs().stream().findFirst())
                .filter(addr -> !addr.isBlank())
                .map(AddrText::legacy)
                .orElse("(unrecognized address family 0)/0");
    }

    /** Without its kind. */
    public static String legacy(EntityAddr addr) {
        String text = addr.toString();
        return text.startsWith("v1:") || text.startsWith("v2:")
                ? text.substring(3)
                : text.startsWith("any:") ? text.substring(4) : text;
    }
}
