package io.sepiola.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class LentTest {
    private final byte[] text = new byte[3000];
    private final ByteBuffer memory = ByteBuffer.allocateDirect(text.length);
    private final AtomicInteger returns = new AtomicInteger();

    LentTest() {
        new Random(5).nextBytes(text);
        memory.put(text).flip();
    }

    private Lent lend() {
        return new Lent(memory, returns::incrementAndGet);
    }

    @Test
    void aKnownChecksumIsOfThoseBytesAlone() {
        int known = 2048;
        int sum = Crc32c.of(-1, text, 0, known);
        Bytes all = Bytes.of(new Lent(memory, () -> {}, known, sum), 0, text.length);
        assertThat(all.slice(0, known).crc32c(7)).isEqualTo(Crc32c.of(7, text, 0, known));
        assertThat(all.slice(1, known).crc32c(7)).isEqualTo(Crc32c.of(7, text, 1, known));
        assertThat(all.slice(0, 100).crc32c(7)).isEqualTo(Crc32c.of(7, text, 0, 100));
        assertThat(all.crc32c(-1)).isEqualTo(Crc32c.of(-1, text, 0, text.length));
        Bytes told = Bytes.of(new Lent(memory, () -> {}, known, ~sum), 0, text.length);
        assertThat(told.slice(0, known).crc32c(-1)).as("not summed up again").isEqualTo(~sum);
    }

    @Test
    void bytesInLentMemoryAreAsThoseOnTheHeap() {
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            int cut = 1 + random.nextInt(text.length - 1);
            Bytes heap = Bytes.of(text);
            Lent lent = lend();
            Bytes mixed =
                    random.nextBoolean()
                            ? Bytes.concat(heap.slice(0, cut), Bytes.of(lent, 0, 3000).slice(cut))
                            : Bytes.of(lent, 0, 3000);
            assertThat(mixed.isLent()).isTrue();
            assertThat(mixed).isEqualTo(heap).hasSameHashCodeAs(heap);
            assertThat(mixed.crc32c(round)).isEqualTo(heap.crc32c(round));
            assertThat(mixed.at(cut)).isEqualTo(text[cut]);
            assertThat(mixed.slice(cut - 1).toHex()).isEqualTo(heap.slice(cut - 1).toHex());
            assertThat(mixed.toUtf8()).isEqualTo(heap.toUtf8());
            assertThat(mixed.detach().isLent()).isFalse();
            assertThat(mixed.detach()).isEqualTo(heap);
            int size = 0;
            for (ByteBuffer view : mixed.buffers()) {
                assertThat(view).isEqualTo(ByteBuffer.wrap(text, size, view.remaining()));
                size += view.remaining();
            }
            assertThat(size).isEqualTo(text.length);
            Decoder in = new Decoder(mixed);
            Decoder same = new Decoder(heap);
            while (same.remaining() >= 12) {
                int skipped = random.nextInt(same.remaining() - 11);
                in.skip(skipped);
                same.skip(skipped);
                assertThat(in.u32()).isEqualTo(same.u32());
                assertThat(in.u64()).isEqualTo(same.u64());
                assertThat(in.position()).isEqualTo(same.position());
            }
            assertThat(in.rest()).isEqualTo(same.rest());
        }
    }

    @Test
    void memoryGoesBackWithTheLastRelease() {
        Lent lent = lend();
        Bytes bytes = Bytes.of(lent, 100, 200);
        lent.retain();
        lent.retain();
        assertThat(lent.view(100, 200)).isEqualTo(ByteBuffer.wrap(text, 100, 200));
        lent.release();
        assertThat(bytes.toArray()).hasSize(200);
        assertThat(returns).hasValue(0);
        lent.release();
        assertThat(returns).hasValue(1);
        assertThatThrownBy(() -> bytes.at(0)).isInstanceOf(Invariant.Broken.class);
        assertThatThrownBy(bytes::toArray).isInstanceOf(Invariant.Broken.class);
        assertThatThrownBy(() -> bytes.crc32c(0)).isInstanceOf(Invariant.Broken.class);
        assertThatThrownBy(lent::retain).isInstanceOf(Invariant.Broken.class);
        assertThatThrownBy(lent::release).isInstanceOf(Invariant.Broken.class);
        assertThatThrownBy(() -> lent.view(0, 1)).isInstanceOf(Invariant.Broken.class);
        assertThat(returns).hasValue(1);
    }

    @Test
    void whatIsSettledOutlivesTheMemory() {
        Lent lent = lend();
        Bytes twice = Bytes.concat(Bytes.of(lent, 0, 10), Bytes.of(lent, 5, 10));
        Bytes settled = twice.settle();
        assertThat(returns).hasValue(1);
        memory.put(0, new byte[100]);
        assertThat(settled).isEqualTo(Bytes.concat(Bytes.of(text, 0, 10), Bytes.of(text, 5, 10)));
        assertThat(settled.settle()).isSameAs(settled);
    }

    @Test
    @Timeout(60)
    void memoryThatIsForgottenGoesBackByItself() throws InterruptedException {
        CountDownLatch back = new CountDownLatch(1);
        assertThat(new Lent(memory, back::countDown).size()).isEqualTo(text.length);
        while (!back.await(10, TimeUnit.MILLISECONDS)) {
            System.gc();
        }
    }
}
