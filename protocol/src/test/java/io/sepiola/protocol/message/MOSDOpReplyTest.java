package io.sepiola.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Lent;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdOpResult;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class MOSDOpReplyTest {
    private static MOSDOpReply reply(Bytes... outputs) {
        List<OsdOpResult> ops =
                List.of(outputs).stream()
                        .map(output -> OsdOpResult.of(new OsdOp.Read(0, 3), 0, output))
                        .toList();
        return new MOSDOpReply(7, "object1", new PgId(1, 2), 0, 0, 9, ops, 0, EVersion.ZERO, 11);
    }

    /** Two reads of one object may lie in the same memory. */
    @Test
    void outputsAreSettledTogether() {
        AtomicInteger back = new AtomicInteger();
        Bytes text = Bytes.utf8("helloceph");
        Bytes lent =
                Bytes.of(
                        new Lent(ByteBuffer.wrap(text.toArray()), back::incrementAndGet),
                        0,
                        text.size());
        MOSDOpReply settled = reply(lent.slice(0, 5), Bytes.EMPTY, lent, text).settled();
        assertThat(back).hasValue(1);
        assertThat(settled).isEqualTo(reply(text.slice(0, 5), Bytes.EMPTY, text, text));
        assertThat(settled.settled()).isSameAs(settled);
    }
}
