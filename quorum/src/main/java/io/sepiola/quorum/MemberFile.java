package io.sepiola.quorum;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Who a member is; kept beside its log from before it takes part. On disk in {@code member}:
 *
 * <p>MemberFile := magic:string id:string initial:list(string) waits:u8 crc:u32; {@code crc} is
 * crc32c, from ffffffff, over all before it.
 *
 * @param id by which the library knows it, see {@link PeerId}
 * @param initial the ids of those with whom it began the log; none when it came later, or as long
 *     as that is not decided
 * @param waits whether it takes part only when the others let it in
 */
record MemberFile(String id, List<String> initial, boolean waits) {
    private static final String NAME = "member";
    private static final String MAGIC = "sepiola quorum member 1";
    private static final int SIZE_MAX = 1 << 16;
    private static final int CRC_SIZE = 4;

    private static final Codec<MemberFile> CODEC =
            Primitives.of(
                    (out, file) ->
                            out.string(MAGIC)
                                    .string(file.id)
                                    .list(file.initial, Primitives.STRING)
                                    .bool(file.waits),
                    in -> {
                        if (!in.string().equals(MAGIC)) {
                            throw new Malformed("it does not begin with '" + MAGIC + "'");
                        }
                        return new MemberFile(in.string(), in.list(Primitives.STRING), in.bool());
                    });

    /** Copies the list. */
    MemberFile {
        initial = List.copyOf(initial);
    }

    /** Whether it is settled how it comes to take part. */
    boolean isDecided() {
        return waits || !initial.isEmpty();
    }

    /** The one in that directory, if there is one. */
    static Optional<MemberFile> load(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > SIZE_MAX) {
                throw new Malformed("it is too long");
            }
            Bytes content = Bytes.of(Files.readAllBytes(file));
            int end = Math.max(0, content.size() - CRC_SIZE);
            Bytes body = content.slice(0, end);
            if (new Decoder(content.slice(end)).u32() != body.crc32c(-1)) {
                throw new Malformed("its checksum does not fit");
            }
            return Optional.of(CODEC.fromBytes(body));
        } catch (Malformed bad) {
            throw new IOException(
                    file
                            + " is damaged ("
                            + bad.getMessage()
                            + "); remove the monitor's directory and make it again, it will get"
                            + " the log from the others",
                    bad);
        }
    }

    /** Writes it, durably. */
    void save(Path directory) throws IOException {
        Bytes body = CODEC.toBytes(this);
        byte[] content =
                Bytes.concat(body, new Encoder(CRC_SIZE).u32(body.crc32c(-1)).toBytes()).toArray();
        Path temporary = directory.resolve(NAME + ".new");
        Files.write(temporary, content);
        try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(
                temporary,
                directory.resolve(NAME),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }
}
