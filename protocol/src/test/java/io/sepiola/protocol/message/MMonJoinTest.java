package io.sepiola.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

class MMonJoinTest {
    private static final UUID FSID = UUID.fromString("00010203-0405-0607-0809-0a0b0c0d0e0f");
    private static final EntityAddrVec ADDRS =
            EntityAddrVec.of(EntityAddr.msgr2(new InetSocketAddress("10.0.0.4", 3300), 0));

    /** As Ceph's MMonJoin.h lays it out, written by hand. */
    private static final String UP_TO_THE_ADDRESSES =
            "0000000000000000" // version
                    + "ffff" // session's monitor
                    + "0000000000000000" // its transaction
                    + "000102030405060708090a0b0c0d0e0f"
                    + "01000000"
                    + "64" // d
                    + "02" // a vector of addresses
                    + "01000000"
                    + "01" // an address
                    + "0101"
                    + "1c000000"
                    + "02000000" // v2
                    + "00000000" // nonce
                    + "10000000"
                    + "0200" // IPv4
                    + "0ce4"
                    + "0a000004"
                    + "0000000000000000";

    @Test
    void theLayoutIsCephs() {
        MMonJoin join =
                new MMonJoin(0, FSID, "d", ADDRS, new TreeMap<>(Map.of("rack", "r1")), true);
        EncodedMessage encoded = Messages.encode(join);
        assertThat(encoded.type()).isEqualTo(68);
        assertThat(encoded.version()).isEqualTo(3);
        assertThat(encoded.compatVersion()).isEqualTo(2);
        assertThat(encoded.front().toHex())
                .isEqualTo(
                        UP_TO_THE_ADDRESSES
                                + "01000000"
                                + "04000000"
                                + "7261636b"
                                + "02000000"
                                + "7231"
                                + "01");
        assertThat(Messages.decode(encoded)).isEqualTo(join);
    }

    @Test
    void anOlderMonitorsIsRead() {
        Bytes front = Bytes.hex(UP_TO_THE_ADDRESSES);
        assertThat(
                        Messages.decode(
                                new EncodedMessage(
                                        68, 2, 2, 127, 0, front, Bytes.EMPTY, Bytes.EMPTY, 0)))
                .isEqualTo(new MMonJoin(FSID, "d", ADDRS));
    }
}
