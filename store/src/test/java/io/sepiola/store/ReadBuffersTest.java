package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class ReadBuffersTest {
    @Test
    void aProcessWithoutMemoryOutsideTheHeapHasFewer() {
        int[] made = new int[1];
        ReadBuffers buffers =
                new ReadBuffers(
                        5,
                        size -> {
                            if (++made[0] > 2) {
                                throw new OutOfMemoryError("Cannot reserve direct buffer memory");
                            }
                            return ByteBuffer.allocate(size);
                        });
        ByteBuffer first = buffers.takeOrNull();
        assertThat(first).isNotNull();
        assertThat(buffers.takeOrNull()).isNotNull().isNotSameAs(first);
        assertThat(buffers.takeOrNull()).isNull();
        assertThat(buffers.takeOrNull()).isNull();
        assertThat(made[0]).as("asked once in vain").isEqualTo(3);
        buffers.giveBack(first.position(7));
        assertThat(buffers.takeOrNull()).isSameAs(first);
        assertThat(first.remaining()).isEqualTo(ReadBuffers.SIZE);
    }
}
