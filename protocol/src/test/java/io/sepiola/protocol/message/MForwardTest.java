package io.sepiola.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Messages that carry another. */
class MForwardTest {
    private static final UUID FSID = new UUID(7, 8);
    private static final EntityAddr ADDR =
            EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 6800), 9);
    private static final Message COMMAND =
            new MMonCommand(
                    12, 0, FSID, List.of("{\"prefix\":\"status\"}"), Bytes.utf8("the input"));

    private static MForward forward(Message message) {
        return new MForward(
                5,
                EntityType.CLIENT,
                EntityAddrVec.of(ADDR),
                ADDR,
                "allow r",
                77,
                AuthName.parse("client.reader"),
                message);
    }

    @Test
    void whatIsHandedOverArrivesWhole() {
        MForward forward = forward(COMMAND);
        assertThat(Messages.decode(Messages.encode(forward))).isEqualTo(forward);
        assertThat(Messages.encode(forward).type()).isEqualTo(46);
        MRoute answer = new MRoute(5, Optional.of(COMMAND), 0);
        assertThat(Messages.decode(Messages.encode(answer))).isEqualTo(answer);
        MRoute maps = new MRoute(5, Optional.empty(), 40);
        assertThat(Messages.decode(Messages.encode(maps))).isEqualTo(maps);
        assertThat(Messages.encode(maps).type()).isEqualTo(47);
    }

    /** As Ceph's MRoute.h and encode_message lay it out, written by hand. */
    @Test
    void theLayoutIsCephs() {
        String session = "0500000000000000";
        String blank = "00" + "0000000000000000" + "01" + "0101" + "0c000000" + "00".repeat(12);
        String header =
                "0000000000000000" // seq
                        + "0000000000000000" // tid
                        + "0500" // MSG_MON_GET_MAP
                        + "7f00" // priority
                        + "0100" // version
                        + "00".repeat(12) // sizes
                        + "0000" // data offset
                        + "00".repeat(9) // source
                        + "0100" // compat version
                        + "0000" // reserved
                        + "00000000"; // checksum
        String footer = "00".repeat(12) + "03";
        assertThat(Messages.encode(new MRoute(5, Optional.of(new MMonGetMap()), 0)).front().toHex())
                .isEqualTo(session + blank + "01" + header + footer + "00".repeat(12) + "00000000");
        assertThat(header.length() / 2).as("sizeof(ceph_msg_header)").isEqualTo(53);
        assertThat(footer.length() / 2).as("sizeof(ceph_msg_footer_old)").isEqualTo(13);
    }

    @Test
    void nothingIsHandedOverTwice() {
        MForward twice = forward(forward(COMMAND));
        assertThatThrownBy(() -> Messages.decode(Messages.encode(twice)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("within another");
    }

    @Test
    void damagedBytesAreMalformedOrAnotherMessage() {
        EncodedMessage sample = Messages.encode(forward(COMMAND));
        for (int at = 0; at < sample.front().size(); at++) {
            MessagesTest.attempt(sample, sample.front().slice(0, at), sample.data());
            byte[] flipped = sample.front().toArray();
            flipped[at] = (byte) 0xff;
            MessagesTest.attempt(sample, Bytes.of(flipped), sample.data());
        }
        EncodedMessage unknown =
                Messages.encode(new MMonFollow(MMonFollow.Kind.ASK, 1, 2, Bytes.EMPTY));
        MessagesTest.attempt(unknown, Bytes.of(new byte[] {99}), Bytes.EMPTY);
    }
}
