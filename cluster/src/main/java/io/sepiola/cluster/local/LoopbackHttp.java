package io.sepiola.cluster.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The smallest question that an HTTP server can be asked; the JDK's client takes 0.2 s to load. */
final class LoopbackHttp {
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int BODY_BYTES_MAX = 8 << 20;

    private LoopbackHttp() {}

    /** The status code of GET; 0 when there is no answer. */
    static int status(String address, int port, String path) {
        String[] words = answer(address, port, path).split(" ", 3);
        try {
            return words.length < 2 ? 0 : Integer.parseInt(words[1]);
        } catch (NumberFormatException noHttp) {
            return 0;
        }
    }

    /** The body of GET; empty when there is no answer. */
    static String body(String address, int port, String path) {
        String answer = answer(address, port, path);
        int start = answer.indexOf("\r\n\r\n");
        return start < 0 ? "" : answer.substring(start + 4);
    }

    private static String answer(String address, int port, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String request =
                    "GET "
                            + path
                            + " HTTP/1.1\r\nHost: "
                            + (address.contains(":") ? "[" + address + "]" : address)
                            + ":"
                            + port
                            + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(BODY_BYTES_MAX);
            return new String(answer, StandardCharsets.UTF_8);
        } catch (IOException none) {
            return "";
        }
    }
}
