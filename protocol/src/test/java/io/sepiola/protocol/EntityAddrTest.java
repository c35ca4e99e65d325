package io.sepiola.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;

class EntityAddrTest {
    @Test
    void isWrittenAsCephPrintsIt() {
        InetSocketAddress four = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6800);
        InetSocketAddress six = new InetSocketAddress(InetAddress.ofLiteral("fe80::1"), 6800);
        assertThat(EntityAddr.msgr2(four, -1)).hasToString("v2:127.0.0.1:6800/4294967295");
        assertThat(EntityAddr.msgr2(six, 7)).hasToString("v2:[fe80:0:0:0:0:0:0:1]:6800/7");
        assertThat(EntityAddr.BLANK).hasToString("-");
    }

    @Test
    void oneOfAnUnknownFamilyCanBeShownButNotDialled() {
        EntityAddr odd = new EntityAddr(EntityAddr.MSGR2, 3, Bytes.hex("0100002f746d70"));
        assertThat(odd).hasToString("v2:?0100002f746d70/3");
        assertThatThrownBy(odd::socket).isInstanceOf(Malformed.class);
    }
}
