package io.sepiola.lab.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Reads along on the loopback, as root may, and tells to which ports certain words went. */
final class Wiretap implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Prints the port to which a word goes, once each. */
    private static final String SCRIPT =
            """
            import socket, sys
            ALL, BIG = 3, 33  # ETH_P_ALL, SO_RCVBUFFORCE
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
            s.setsockopt(socket.SOL_SOCKET, BIG, 256 << 20)
            s.bind(("lo", 0))
            print("listening", flush=True)
            seen = set()
            while True:
                p = s.recv(1 << 17)
                for word in sys.argv[1:]:
                    if word.encode() in p:
                        head = 14 + (p[14] & 15) * 4
                        port = int.from_bytes(p[head + 2:head + 4], "big")
                        if (word, port) not in seen:
                            seen.add((word, port))
                            print(word, port, flush=True)
            """;

    private final Path told;
    private final Process reader;
    private final List<String> marks;
    private int marked;

    private Wiretap(Path told, List<String> words, List<String> marks) {
        this.told = told;
        this.marks = marks;
        List<Object> arguments = new ArrayList<>(List.of("-c", SCRIPT));
        arguments.addAll(words);
        arguments.addAll(marks);
        this.reader = Program.of("/usr/bin/python3", arguments.toArray()).start(told);
    }

    /**
     * Listens from now on; skips the test where that is not allowed.
     *
     * @param told a file for what is found
     * @param marks words that {@link #portsOf} uses up, one each time
     */
    static Wiretap open(Path told, List<String> words, List<String> marks) {
        Wiretap tap = new Wiretap(told, words, marks);
        if (!tap.hears("listening")) {
            tap.close();
            abort("SKIPPED: reading along on the loopback needs root");
        }
        return tap;
    }

    /** The ports to which that word went until now. */
    SortedSet<Integer> portsOf(String word) throws IOException {
        String mark = marks.get(marked++);
        byte[] bytes = mark.getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
            socket.send(new DatagramPacket(bytes, bytes.length, loopback, 9)); // nobody is there
        }
        if (!hears(mark)) {
            throw new AssertionError("the wiretap did not hear " + mark);
        }
        SortedSet<Integer> ports = new TreeSet<>();
        for (String line : Files.readAllLines(told)) {
            if (line.startsWith(word + " ")) {
                ports.add(Integer.parseInt(line.substring(word.length() + 1)));
            }
        }
        return ports;
    }

    private boolean hears(String word) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (Files.readString(told).contains(word)) {
                    return true;
                }
            } catch (IOException unreadable) {
                throw new AssertionError(unreadable);
            }
            if (!reader.isAlive()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return false;
    }

    @Override
    public void close() {
        reader.destroyForcibly().onExit().join();
    }
}
