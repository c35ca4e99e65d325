package io.sepiola.cluster.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** All hosts are this machine; each has a root of its own, as the configuration says. */
final class LocalDoor implements Link.Door {
    @Override
    public Link open(String host) {
        return new Link() {
            @Override
            public Answer run(String command, InputStream input) throws IOException {
                return LocalDoor.run(command, input);
            }

            @Override
            public void close() {}
        };
    }

    private static Answer run(String command, InputStream input) throws IOException {
        Path out = Files.createTempFile("out", "");
        Path err = Files.createTempFile("err", "");
        try {
            Process process =
                    new ProcessBuilder("sh", "-c", command)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile())
                            .start();
            try (OutputStream in = process.getOutputStream()) {
                input.transferTo(in);
            } catch (IOException notRead) {
                // A command need not read what it is given.
            }
            int code = process.waitFor();
            return new Answer(
                    code,
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    @Override
    public void close() {}
}
