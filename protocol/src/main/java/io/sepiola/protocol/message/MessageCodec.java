package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Message;

import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How one type of message is written. A message of a later version than ours is read as ours as
 * long as its header says that this is possible; what follows our fields is passed over.
 *
 * @param type Ceph's number
 * @param version the version we write
 * @param compatVersion the oldest version whose readers understand what we write
 * @param kind the record
 */
record MessageCodec<M extends Message>(
        int type,
        int version,
        int compatVersion,
        Class<M> kind,
        BiConsumer<M, Parts> writer,
        BiFunction<Decoder, EncodedMessage, M> reader) {

    /** What a writer fills. */
    static final class Parts {
        final Encoder front = new Encoder(256);
        Bytes data = Bytes.EMPTY;
        int dataOffset;
    }

    /** A type that has only a front. */
    static <M extends Message> MessageCodec<M> of(
            int type,
            int version,
            int compatVersion,
            Class<M> kind,
            BiConsumer<M, Encoder> front,
            BiFunction<Decoder, EncodedMessage, M> reader) {
        return new MessageCodec<>(
                type,
                version,
                compatVersion,
                kind,
                (message, parts) -> front.accept(message, parts.front),
                reader);
    }

    /**
     * A type whose payload is one of its components; the reader finds it in the second argument.
     */
    static <M extends Message> MessageCodec<M> of(
            int type,
            int version,
            int compatVersion,
            Class<M> kind,
            BiConsumer<M, Encoder> front,
            Function<M, Bytes> data,
            BiFunction<Decoder, EncodedMessage, M> reader) {
        return new MessageCodec<>(
                type,
                version,
                compatVersion,
                kind,
                (message, parts) -> {
                    front.accept(message, parts.front);
                    parts.data = data.apply(message);
                },
                reader);
    }

    EncodedMessage encode(Message message) {
        Parts parts = new Parts();
        writer.accept(kind.cast(message), parts);
        return new EncodedMessage(
                type,
                version,
                compatVersion,
                message.priority(),
                message.tid(),
                parts.front.toBytes(),
                Bytes.EMPTY,
                parts.data,
                parts.dataOffset);
    }

    M decode(EncodedMessage message) {
        if (message.compatVersion() > version) {
            throw new Malformed(
                    kind.getSimpleName()
                            + " needs a reader of version "
                            + message.compatVersion()
                            + ", this one knows "
                            + version);
        }
        return reader.apply(new Decoder(message.front()), message);
    }
}
