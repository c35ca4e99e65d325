package io.sepiola.cluster.pgexport;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads an exported group, section by section; a section takes memory only as its bytes come. Owned
 * by one caller, as is the stream.
 */
public final class ExportReader {
    /** Ceph writes data of 1 MiB; the log and the map in one section may be more. */
    private static final long BODY_SIZE_MAX = 512L << 20;

    private static final int FRAME_SIZE_MAX = 4096;

    private final InputStream in;
    private final int headerSize;
    private final int footerSize;

    /**
     * Reads the head of the file.
     *
     * @throws Malformed when it is no export, or one of a later version
     */
    public ExportReader(InputStream in) throws IOException {
        this.in = in;
        Decoder head = new Decoder(read(SectionFrame.FILE_HEADER_SIZE));
        if (head.u32() != SectionFrame.FILE_MAGIC) {
            throw new Malformed("Invalid magic number");
        }
        int version = head.u32();
        if (version <= 0 || version > SectionFrame.FILE_VERSION) {
            throw new Malformed(
                    "Can't handle export format version=" + Integer.toUnsignedString(version));
        }
        headerSize = frameSize(head.u32(), SectionFrame.HEADER_SIZE);
        footerSize = frameSize(head.u32(), SectionFrame.FOOTER_SIZE);
    }

    private static int frameSize(int size, int least) {
        if (size < least || size > FRAME_SIZE_MAX) {
            throw new Malformed("sections framed by " + size + " bytes");
        }
        return size;
    }

    private Bytes read(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new Malformed("Unexpected EOF");
        }
        return Bytes.of(bytes);
    }

    /**
     * The next section that this release knows.
     *
     * @throws Malformed when what comes is none, or the file ends
     */
    public Section next() throws IOException {
        while (true) {
            SectionFrame.Header header = SectionFrame.header(read(headerSize));
            if (header.bodySize() > BODY_SIZE_MAX) {
                throw new Malformed(
                        "a section of " + header.bodySize() + " bytes, more than are read at once");
            }
            Bytes body = read((int) header.bodySize());
            if (!body.isEmpty()) {
                SectionFrame.checkFooter(read(footerSize));
            }
            Section section = SectionFrame.sectionOrNull(header.type(), body);
            if (section != null) {
                return section;
            }
        }
    }
}
