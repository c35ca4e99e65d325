package io.sepiola.messenger;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.sepiola.base.Bytes;
import io.sepiola.base.Lent;

import java.util.ArrayList;
import java.util.List;

/** Bytes as Netty sees them. */
public final class NettyBytes {
    private NettyBytes() {}

    /** As {@link #pieces}, in one buffer. */
    public static ByteBuf wrap(Bytes bytes) {
        return Unpooled.wrappedBuffer(pieces(bytes).toArray(new ByteBuf[0]));
    }

    /**
     * Buffers over the pieces of the bytes, without a copy, for reading. With the last that Netty
     * releases, the bytes that are lent go back: the caller is the last to use them. All of them
     * are retained before any is written, since several may lie in the same memory.
     */
    public static List<ByteBuf> pieces(Bytes bytes) {
        List<ByteBuf> parts = new ArrayList<>(1);
        bytes.forEachPiece(
                new Bytes.PieceVisitor() {
                    @Override
                    public void visit(byte[] array, int offset, int length) {
                        parts.add(Unpooled.wrappedBuffer(array, offset, length));
                    }

                    @Override
                    public void lent(Lent memory, int offset, int length) {
                        memory.retain();
                        parts.add(new LentBuf(memory, offset, length));
                    }
                });
        return parts;
    }

    /** Over lent memory, which was retained for it. */
    static final class LentBuf extends UnpooledDirectByteBuf {
        private final Lent memory;

        LentBuf(Lent memory, int offset, int length) {
            super(UnpooledByteBufAllocator.DEFAULT, memory.view(offset, length), length);
            this.memory = memory;
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            memory.release();
        }
    }
}
