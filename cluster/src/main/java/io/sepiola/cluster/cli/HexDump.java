package io.sepiola.cluster.cli;

import io.sepiola.base.Bytes;

/** Bytes as {@code rados} shows values: sixteen a row, in hexadecimal and as characters. */
final class HexDump {
    private static final int ROW = 16;

    private HexDump() {}

    static String of(Bytes bytes) {
        StringBuilder out = new StringBuilder();
        boolean zeros = false;
        boolean starred = false;
        for (int at = 0; at < bytes.size(); at += ROW) {
            Bytes row = bytes.slice(at, Math.min(ROW, bytes.size() - at));
            boolean zeroRow = row.size() == ROW && row.equals(Bytes.zeros(ROW));
            if (zeroRow && zeros) {
                if (!starred) {
                    out.append("*\n");
                    starred = true;
                }
                continue;
            }
            zeros = zeroRow;
            starred = false;
            appendRow(out, at, row);
        }
        if (!bytes.isEmpty()) {
            out.append(String.format("%08x%n", bytes.size()));
        }
        return out.toString();
    }

    private static void appendRow(StringBuilder out, int at, Bytes row) {
        out.append(String.format("%08x ", at));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ROW; i++) {
            out.append(i == ROW / 2 ? " " : "");
            if (i < row.size()) {
                int b = row.at(i) & 0xff;
                out.append(String.format(" %02x", b));
                text.append(b >= 0x20 && b < 0x7f ? (char) b : '.');
            } else {
                out.append("   ");
            }
        }
        out.append("  |").append(text).append("|\n");
    }
}
