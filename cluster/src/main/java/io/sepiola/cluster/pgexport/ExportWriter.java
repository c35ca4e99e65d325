package io.sepiola.cluster.pgexport;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;

import java.io.IOException;
import java.io.OutputStream;

/** Writes an exported group, section by section. Owned by one caller, as is the stream. */
public final class ExportWriter {
    private final OutputStream out;

    /** Begins the file. */
    public ExportWriter(OutputStream out) throws IOException {
        this.out = out;
        Encoder header = new Encoder(SectionFrame.FILE_HEADER_SIZE);
        header.u32(SectionFrame.FILE_MAGIC).u32(SectionFrame.FILE_VERSION);
        header.u32(SectionFrame.HEADER_SIZE).u32(SectionFrame.FOOTER_SIZE);
        put(header.toBytes());
    }

    /** Writes the next section. */
    public void write(Section section) throws IOException {
        Bytes body = SectionFrame.body(section);
        put(SectionFrame.header(SectionFrame.typeOf(section), body.size()));
        if (!body.isEmpty()) {
            put(body);
            put(SectionFrame.footer());
        }
    }

    private void put(Bytes bytes) throws IOException {
        out.write(bytes.toArray());
    }
}
