package io.sepiola.protocol;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where somebody listens (entity_addr_t).
 *
 * <p>EntityAddr := u8 1, S(1/1){kind:u32 nonce:u32 sockaddr:blob}. An IPv4 sockaddr has 16 bytes:
 * u16 LE 2, u16 BE port, 4 bytes, 8 zero; an IPv6 one 28: u16 LE 10, u16 BE port, u32 flow, 16
 * bytes, u32 scope. The empty address has none.
 *
 * @param kind 0 none, 1 msgr v1 (legacy), 2 msgr v2, 3 any
 * @param nonce tells two processes at one address apart; 0 for monitors
 * @param sockaddr as above, kept as it came
 */
public record EntityAddr(int kind, int nonce, Bytes sockaddr) implements Comparable<EntityAddr> {
    /** No messenger. */
    public static final int NONE = 0;

    /** Messenger v1, which Sepiola publishes nowhere and speaks to nobody. */
    public static final int LEGACY = 1;

    /** Messenger v2. */
    public static final int MSGR2 = 2;

    /** Any messenger: a client that listens nowhere. */
    public static final int ANY = 3;

    /** The blank address. */
    public static final EntityAddr BLANK = new EntityAddr(NONE, 0, Bytes.EMPTY);

    /** As in the class comment. */
    public static final Codec<EntityAddr> CODEC =
            Primitives.of(
                    (out, addr) ->
                            out.u8(1)
                                    .struct(
                                            1,
                                            1,
                                            body ->
                                                    body.u32(addr.kind)
                                                            .u32(addr.nonce)
                                                            .blob(addr.sockaddr)),
                    in -> {
                        int marker = in.u8();
                        if (marker != 1) {
                            throw new Malformed("entity_addr_t of marker " + marker);
                        }
                        return decodeAfterMarker(in);
                    });

    static EntityAddr decodeAfterMarker(io.sepiola.base.Decoder in) {
        return in.struct(
                1,
                (v, body) -> {
                    int kind = body.u32();
                    int nonce = body.u32();
                    Bytes sockaddr = body.blob();
                    if (sockaddr.size() > 128) {
                        throw new Malformed("sockaddr of " + sockaddr.size() + " bytes");
                    }
                    return new EntityAddr(kind, nonce, sockaddr);
                });
    }

    /** A messenger v2 address. */
    public static EntityAddr msgr2(InetSocketAddress socket, int nonce) {
        return of(MSGR2, socket, nonce);
    }

    /** An address of the given kind. */
    public static EntityAddr of(int kind, InetSocketAddress socket, int nonce) {
        byte[] ip = socket.getAddress().getAddress();
        boolean four = ip.length == 4;
        byte[] sockaddr = new byte[four ? 16 : 28];
        sockaddr[0] = (byte) (four ? 2 : 10);
        sockaddr[2] = (byte) (socket.getPort() >>> 8);
        sockaddr[3] = (byte) socket.getPort();
        System.arraycopy(ip, 0, sockaddr, four ? 4 : 8, ip.length);
        return new EntityAddr(kind, nonce, Bytes.of(sockaddr));
    }

    /** Whether there is an address at all. */
    public boolean isBlank() {
        return sockaddr.isEmpty();
    }

    /**
     * As Java's socket address.
     *
     * @throws Malformed for blank and unknown families
     */
    public InetSocketAddress socket() {
        try {
            if (sockaddr.size() >= 8 && sockaddr.at(0) == 2) {
                return new InetSocketAddress(
                        InetAddress.getByAddress(sockaddr.slice(4, 4).toArray()), port());
            }
            if (sockaddr.size() >= 24 && sockaddr.at(0) == 10) {
                return new InetSocketAddress(
                        InetAddress.getByAddress(sockaddr.slice(8, 16).toArray()), port());
            }
        } catch (UnknownHostException impossible) {
            throw new Malformed("not an IP address: " + sockaddr, impossible);
        }
        throw new Malformed("no IP address: " + sockaddr);
    }

    private int port() {
        return (sockaddr.at(2) & 0xff) << 8 | sockaddr.at(3) & 0xff;
    }

    /** The same place with another nonce. */
    public EntityAddr withNonce(int newNonce) {
        return new EntityAddr(kind, newNonce, sockaddr);
    }

    /** Ceph's order, which is that of the bytes in memory: kind, nonce, sockaddr. */
    @Override
    public int compareTo(EntityAddr other) {
        int byKind = compareBytes(kind, other.kind);
        if (byKind != 0) {
            return byKind;
        }
        int byNonce = compareBytes(nonce, other.nonce);
        return byNonce != 0
                ? byNonce
                : java.util.Arrays.compareUnsigned(sockaddr.toArray(), other.sockaddr.toArray());
    }

    private static int compareBytes(int a, int b) {
        return Integer.compareUnsigned(Integer.reverseBytes(a), Integer.reverseBytes(b));
    }

    /**
     * {@code v2:127.0.0.1:6800/123}, as Ceph prints it; one of an unknown family, which a peer may
     * have sent, as {@code v2:?0100/123} with its bytes.
     */
    @Override
    public String toString() {
        if (isBlank()) {
            return kind == NONE ? "-" : label() + "-";
        }
        return label() + place() + "/" + Integer.toUnsignedString(nonce);
    }

    private String place() {
        InetSocketAddress socket;
        try {
            socket = socket();
        } catch (Malformed unknownFamily) {
            return "?" + sockaddr.toHex();
        }
        String ip = socket.getAddress().getHostAddress();
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + socket.getPort();
    }

    private String label() {
        return switch (kind) {
            case LEGACY -> "v1:";
            case MSGR2 -> "v2:";
            case ANY -> "any:";
            default -> "";
        };
    }
}
