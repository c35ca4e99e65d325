package io.sepiola.lab.interop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Types lines with genuine {@code ceph}, or with {@code sepiola ceph}. */
final class PlacementTyping {
    private final LocalCluster cluster;
    private final boolean genuine;

    PlacementTyping(LocalCluster cluster, boolean genuine) {
        this.cluster = cluster;
        this.genuine = genuine;
    }

    /** The program that a line runs. */
    Program program(String line) {
        String[] words = line.split(" ");
        if (genuine) {
            return cluster.ceph("ceph", (Object[]) words);
        }
        List<Object> all = new ArrayList<>(List.of("ceph", "-c", cluster.conf()));
        all.addAll(List.of(words));
        return cluster.sepiola(all.toArray());
    }

    /** Types one line; it must succeed. */
    String ceph(String line) {
        return program(line).run().ok();
    }

    /** One of Ceph's tools for files: Debian's, or ours. */
    String tool(String line) {
        String[] words = line.split(" ");
        Object[] rest = Arrays.copyOfRange(words, 1, words.length);
        Program program = genuine ? Program.of(words[0], rest) : cluster.sepiola((Object[]) words);
        return program.run().ok();
    }
}
