package io.sepiola.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.messenger.NettyBytes;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * The answer to one request: {@link #send} as a whole, or {@link #start} and then {@link #write}
 * exactly as many bytes as announced. Owned by the connection's thread.
 */
public final class HttpResponse {
    private static final int WRITE_BYTES = 256 << 10;

    private final Wire wire;
    private final boolean headOnly;
    private boolean closing;
    private BooleanSupplier closeCondition = () -> false;
    private boolean started;
    private int status;
    private long left;

    HttpResponse(Wire wire, boolean headOnly, boolean closing) {
        this.wire = wire;
        this.headOnly = headOnly;
        this.closing = closing;
    }

    /** Whether the status line has been sent. */
    public boolean isStarted() {
        return started;
    }

    /** As it was sent; 0 before. */
    public int status() {
        return status;
    }

    /** Whether all that was announced has been given to the client. */
    public boolean isComplete() {
        return started && left == 0;
    }

    boolean isClosing() {
        return closing;
    }

    void closeAfter() {
        closing = true;
    }

    /** Asked when the answer begins. */
    void closeWhen(BooleanSupplier condition) {
        closeCondition = condition;
    }

    /** Sends all at once. To HEAD, the body's length is told but the body left out. */
    public void send(int status, Headers headers, Bytes body) {
        ByteBuf head = head(status, headers, body.size());
        if (headOnly || body.isEmpty()) {
            wire.write(head);
        } else {
            wire.write(Unpooled.wrappedBuffer(head, NettyBytes.wrap(body)));
        }
        left = 0;
    }

    /** Sends status and headers; the body follows. */
    public void start(int status, Headers headers, long length) {
        wire.write(head(status, headers, length));
        left = headOnly ? 0 : length;
    }

    private ByteBuf head(int status, Headers headers, long length) {
        Invariant.that(!started, "answered twice");
        started = true;
        this.status = status;
        closing |= closeCondition.getAsBoolean();
        StringBuilder head = new StringBuilder(512);
        head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status)).append("\r\n");
        for (int i = 0; i < headers.count(); i++) {
            appendName(head, headers.name(i));
            String value = headers.value(i);
            head.append(": ");
            for (int j = 0; j < value.length(); j++) {
                char c = value.charAt(j); // a control character would end the line: never let it
                head.append(c < ' ' && c != '\t' || c == 0x7f ? ' ' : c);
            }
            head.append("\r\n");
        }
        if (status != 204 && status != 304) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        if (closing) {
            head.append("Connection: close\r\n");
        }
        head.append("\r\n");
        return Unpooled.wrappedBuffer(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void appendName(StringBuilder head, String name) {
        boolean upper = !name.startsWith("x-amz-"); // as S3 writes them
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            head.append(
                    upper && (i == 0 || name.charAt(i - 1) == '-') ? Character.toUpperCase(c) : c);
        }
    }

    /** Sends a part of the body; blocks while the client reads too slowly. */
    public void write(Bytes part) {
        if (headOnly) {
            return;
        }
        Invariant.that(part.size() <= left, "%s bytes where %s are left", part.size(), left);
        for (ByteBuf piece : NettyBytes.pieces(part)) {
            while (piece.readableBytes() > WRITE_BYTES) {
                wire.write(piece.readRetainedSlice(WRITE_BYTES));
            }
            wire.write(piece);
        }
        left -= part.size();
    }

    /** Blocks until what was written has left this process's memory. */
    public void flush() {
        wire.awaitWritten();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 206 -> "Partial Content";
            case 304 -> "Not Modified";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 411 -> "Length Required";
            case 412 -> "Precondition Failed";
            case 414 -> "URI Too Long";
            case 416 -> "Range Not Satisfiable";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 507 -> "Insufficient Storage";
            default -> String.format(Locale.ROOT, "Status %d", status);
        };
    }
}
