package io.sepiola.cluster.maptool;

import io.sepiola.base.Bytes;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reading and writing of a tool's files, with the system's words for what went wrong. */
final class ToolFiles {
    private static final long SIZE_MAX = 1L << 30;

    private ToolFiles() {}

    /** The whole file. */
    static Bytes read(String name) throws IOException {
        Path path = Path.of(name);
        if (Files.size(path) > SIZE_MAX) {
            throw new FileSystemException(name, null, "(27) File too large");
        }
        return Bytes.of(Files.readAllBytes(path));
    }

    static void write(String name, Bytes bytes) throws IOException {
        Files.write(Path.of(name), bytes.toArray());
    }

    /** {@code (2) No such file or directory}. */
    static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "(2) No such file or directory";
            case AccessDeniedException _ -> "(13) Permission denied";
            case FileSystemException other when other.getReason() != null ->
                    reason(other.getReason());
            default -> String.valueOf(failure.getMessage());
        };
    }

    private static String reason(String text) {
        return switch (text) {
            case "Is a directory" -> "(21) Is a directory";
            case "Not a directory" -> "(20) Not a directory";
            case "No space left on device" -> "(28) No space left on device";
            case "Read-only file system" -> "(30) Read-only file system";
            default -> text;
        };
    }
}
