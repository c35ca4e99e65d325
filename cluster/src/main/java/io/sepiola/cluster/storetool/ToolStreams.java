package io.sepiola.cluster.storetool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a tool reads and writes.
 *
 * @param tty whether standard output is to hold nothing but text
 */
record ToolStreams(InputStream in, PrintStream out, PrintStream err, boolean tty) {
    private static final int CHUNK = 1 << 20;

    /** A file to be read, or standard input when none or "-" is named. */
    InputStream source(Optional<String> file) throws IOException {
        if (isStandard(file)) {
            return in;
        }
        return new BufferedInputStream(Files.newInputStream(Path.of(file.get())), CHUNK);
    }

    /** A file to be written, or standard output when none or "-" is named. */
    OutputStream target(Optional<String> file, OpenOption... more) throws IOException {
        if (isStandard(file)) {
            if (tty) {
                throw new ToolRefusal("stdout is a tty and no --file filename specified");
            }
            return out;
        }
        OpenOption[] options = Arrays.copyOf(more, more.length + 2);
        options[more.length] = StandardOpenOption.WRITE;
        options[more.length + 1] = StandardOpenOption.CREATE;
        return new BufferedOutputStream(Files.newOutputStream(Path.of(file.get()), options), CHUNK);
    }

    private static boolean isStandard(Optional<String> file) {
        return file.isEmpty() || file.get().equals("-");
    }

    /** All of the source, up to a bound. */
    Bytes read(Optional<String> file, int sizeMax) throws IOException {
        InputStream source = source(file);
        try {
            byte[] bytes = source.readNBytes(sizeMax + 1);
            if (bytes.length > sizeMax) {
                throw new ToolRefusal("the input has more than " + sizeMax + " bytes");
            }
            return Bytes.of(bytes);
        } finally {
            if (!isStandard(file)) {
                source.close();
            }
        }
    }

    /** Shows a value: as it is, or for a terminal as text. */
    void show(Bytes value) {
        if (tty) {
            out.println(isText(value) ? value.toUtf8() : "Base64:" + base64(value));
        } else {
            byte[] bytes = value.toArray();
            out.write(bytes, 0, bytes.length);
        }
    }

    /** Whether a value can be printed. */
    static boolean isText(Bytes value) {
        for (int i = 0; i < value.size(); i++) {
            if (value.at(i) >= 0 && value.at(i) < 0x20 || value.at(i) == 0x7f) {
                return false;
            }
        }
        return Bytes.of(Utf8.encode(value.toUtf8())).equals(value);
    }

    static String base64(Bytes value) {
        return Base64.getEncoder().encodeToString(value.toArray());
    }
}
