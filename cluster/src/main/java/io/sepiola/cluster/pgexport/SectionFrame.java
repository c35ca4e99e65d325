package io.sepiola.cluster.pgexport;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;

import org.jspecify.annotations.Nullable;

/** What stands around a section's body; see the package. */
final class SectionFrame {
    static final int FILE_MAGIC = 0xffceffce;
    static final int FILE_VERSION = 2;
    static final int FILE_HEADER_SIZE = 16;
    static final int HEADER_SIZE = 18;
    static final int FOOTER_SIZE = 10;

    /** The types, by their numbers. */
    private static final int BEGIN = 1;

    private static final int END = 2;
    private static final int OBJECT_BEGIN = 3;
    private static final int OBJECT_END = 4;
    private static final int DATA = 5;
    private static final int ATTRS = 6;
    private static final int OMAP_HEADER = 7;
    private static final int OMAP = 8;
    private static final int METADATA = 9;
    private static final int POOL_BEGIN = 10;
    private static final int POOL_END = 11;

    private static final int SHORT_MAGIC = 0xffce;
    private static final int END_MAGIC = 0xecffffce;

    /**
     * A header as it was read.
     *
     * @param bodySize in bytes
     */
    record Header(int type, long bodySize) {}

    private SectionFrame() {}

    static Bytes header(int type, long bodySize) {
        Encoder out = new Encoder(HEADER_SIZE);
        out.struct(1, 1, body -> body.u32(type << 24 | type << 16 | SHORT_MAGIC).u64(bodySize));
        return out.toBytes();
    }

    static Header header(Bytes bytes) {
        return new Decoder(bytes)
                .struct(
                        1,
                        (version, in) -> {
                            int word = in.u32();
                            int type = word >>> 24;
                            if ((word & 0xffff) != SHORT_MAGIC || (word >>> 16 & 0xff) != type) {
                                throw new Malformed("no section begins here");
                            }
                            long size = in.u64();
                            if (size < 0) {
                                throw new Malformed("a section of " + size + " bytes");
                            }
                            return new Header(type, size);
                        });
    }

    static Bytes footer() {
        Encoder out = new Encoder(FOOTER_SIZE);
        out.struct(1, 1, body -> body.u32(END_MAGIC));
        return out.toBytes();
    }

    static void checkFooter(Bytes bytes) {
        if (new Decoder(bytes).struct(1, (version, in) -> in.u32()) != END_MAGIC) {
            throw new Malformed("Bad footer magic");
        }
    }

    static int typeOf(Section section) {
        return switch (section) {
            case Section.Begin _ -> BEGIN;
            case Section.End _ -> END;
            case Section.ObjectBegin _ -> OBJECT_BEGIN;
            case Section.ObjectEnd _ -> OBJECT_END;
            case Section.Data _ -> DATA;
            case Section.Attrs _ -> ATTRS;
            case Section.OmapHeader _ -> OMAP_HEADER;
            case Section.Omap _ -> OMAP;
            case Section.Metadata _ -> METADATA;
        };
    }

    static Bytes body(Section section) {
        return switch (section) {
            case Section.Begin it -> Section.Begin.CODEC.toBytes(it);
            case Section.ObjectBegin it -> Section.ObjectBegin.CODEC.toBytes(it);
            case Section.Data it -> Section.Data.CODEC.toBytes(it);
            case Section.Attrs it -> Section.Attrs.CODEC.toBytes(it);
            case Section.OmapHeader it -> Section.OmapHeader.CODEC.toBytes(it);
            case Section.Omap it -> Section.Omap.CODEC.toBytes(it);
            case Section.Metadata it -> Section.Metadata.CODEC.toBytes(it);
            case Section.End _, Section.ObjectEnd _ -> Bytes.EMPTY;
        };
    }

    /** The section; null when its type is of a later release. */
    static @Nullable Section sectionOrNull(int type, Bytes body) {
        return switch (type) {
            case BEGIN -> whole(Section.Begin.CODEC, body);
            case END -> new Section.End();
            case OBJECT_BEGIN -> whole(Section.ObjectBegin.CODEC, body);
            case OBJECT_END -> new Section.ObjectEnd();
            case DATA -> whole(Section.Data.CODEC, body);
            case ATTRS -> whole(Section.Attrs.CODEC, body);
            case OMAP_HEADER -> whole(Section.OmapHeader.CODEC, body);
            case OMAP -> whole(Section.Omap.CODEC, body);
            case METADATA -> whole(Section.Metadata.CODEC, body);
            case POOL_BEGIN, POOL_END ->
                    throw new Malformed("Pool exports cannot be imported into a PG");
            case 0 -> throw new Malformed("Unknown section type 0");
            default -> null;
        };
    }

    private static <T> T whole(Codec<T> codec, Bytes body) {
        Decoder in = new Decoder(body);
        T value = codec.decode(in);
        in.expectEnd();
        return value;
    }
}
