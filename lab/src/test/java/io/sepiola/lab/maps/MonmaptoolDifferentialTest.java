package io.sepiola.lab.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.cluster.maptool.MonmaptoolVerb;
import io.sepiola.lab.interop.Program;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The same command lines typed to genuine {@code monmaptool} and to {@code sepiola monmaptool}:
 * equal output, equal complaints, equal exit codes, and the same bytes in the map written. Only the
 * time of making and a generated fsid may differ.
 */
class MonmaptoolDifferentialTest {
    private static final String FSID = "--fsid a3c0a3c0-0000-4000-8000-00000000abcd";

    /** Lines that make a map where there was none. */
    private static final List<String> MAKING =
            List.of(
                    "--create MAP",
                    "--create " + FSID + " MAP",
                    "--create --clobber --print MAP",
                    "--create --fsid nonsense MAP",
                    "--create --fsid=6f3c1ba0-6a2c-4dc5-a2d6-a3f8b6f7c1d1 MAP",
                    "--create " + FSID + " --add a 1.2.3.4:6789 MAP",
                    "--create " + FSID + " --add b 1.2.3.5 --add a 1.2.3.4:6789 MAP",
                    "--create " + FSID + " --add b 1.2.3.5:3300 --add a 1.2.3.6:6789 MAP",
                    "--create " + FSID + " --add c 1.2.3.4:1234 --add a [fd00::1]:6789 MAP",
                    "--create " + FSID + " --add a 1.2.3.4 --enable-all-features MAP",
                    "--create --addv a [v2:1.2.3.4:1,v1:1.2.3.4:2] " + FSID + " MAP",
                    "--create --addv a v2:1.2.3.4:1 --addv b v1:1.2.3.3:2/7 " + FSID + " MAP",
                    "--create --addv a [v2:[::1]:3300,v1:[::1]:6789] " + FSID + " MAP",
                    "--create --enable-all-features --addv z 1.2.3.4:3300 --addv b v1:1.1.1.1:2 "
                            + FSID
                            + " MAP",
                    "--create " + FSID + " --set-min-mon-release pacific MAP",
                    "--create " + FSID + " --set-min-mon-release 15 --print MAP",
                    "--create " + FSID + " --generate --mon-host 1.2.3.4,5.6.7.8 -p MAP",
                    "--create " + FSID + " --generate -m 1.2.3.4:6789,1.2.3.5:3300 MAP",
                    "--create " + FSID + " --generate -m [v2:1.2.3.4:1,v1:1.2.3.4:2] MAP",
                    "--create " + FSID + " --generate -m [v2:1.2.3.4:1,v1:1.2.3.4:2],9.9.9.9 MAP",
                    "--create " + FSID + " --generate -m 1.2.3.4 --add a 1.2.3.5 MAP",
                    "--create " + FSID + " --feature-set pacific --add a 1.2.3.5 MAP",
                    "--create --add a 1.2.3.4 --add a 1.2.3.5 " + FSID + " MAP",
                    "--create --add a 1.2.3.4 --rm a " + FSID + " --print MAP",
                    "--create --add a 1.2.3.4:6789 --add b 1.2.3.4:6789 " + FSID + " MAP",
                    "--create --clobber --generate MAP",
                    "--create /absent/map",
                    "--print MAP",
                    "--rm a MAP",
                    "--add a 1.2.3.4 MAP");

    /** Maps for {@link #ON_MAPS}. */
    private static final List<String> MAPS =
            List.of(
                    "--create " + FSID + " MAP",
                    "--create " + FSID + " --add b 1.2.3.5:6789 --add a 1.2.3.4:6789 MAP",
                    "--create " + FSID + " --add b 1.2.3.4 --add a [fd00::1]:6789 MAP",
                    "--create --enable-all-features --set-min-mon-release pacific --addv b"
                            + " [v2:1.2.3.5:3300,v1:1.2.3.5:6789] --addv a"
                            + " [v2:1.2.3.4:3300,v1:1.2.3.4:6789] --add c 1.2.3.2 "
                            + FSID
                            + " MAP");

    private static final List<String> ON_MAPS =
            List.of(
                    "MAP",
                    "--print MAP",
                    "-p MAP",
                    "MAP --print",
                    "--create MAP",
                    "--clobber MAP",
                    "--clobber --print MAP",
                    "--generate MAP",
                    "--fsid 6f3c1ba0-6a2c-4dc5-a2d6-a3f8b6f7c1d1 MAP",
                    "--fsid 6F3C1BA0-6a2c-4dc5-a2d6-a3f8b6f7c1d1 --print MAP",
                    "--fsid 6f3c1ba0 --print MAP",
                    "--fsid MAP",
                    "--add d 1.2.3.3 MAP",
                    "--add d 1.2.3.3:6789 --print MAP",
                    "--add d 1.2.3.3:3300 --print MAP",
                    "--add d 1.2.3.3:1000/5 --print MAP",
                    "--add d 1.2.3.9 --add 0 1.2.3.1 --print MAP",
                    "--add d 1.2.3.3:0 MAP",
                    "--add d v2:1.2.3.3:3300 MAP",
                    "--add d v1:1.2.3.3:3300 MAP",
                    "--add d v2:1.2.3.3:6789 -p MAP",
                    "--add d v1:1.2.3.3:1000 -p MAP",
                    "--add d any:1.2.3.3:1000 -p MAP",
                    "--add d any:1.2.3.3 -p MAP",
                    "--add d - MAP",
                    "--add d 1.2.3.3:6789,1.2.3.5:6789 MAP",
                    "--add d 1.2.3.3/5 -p MAP",
                    "--add d 1.2.3.3/x -p MAP",
                    "--add d 01.2.3.3 MAP",
                    "--add d [v2:1.2.3.3:3300] MAP",
                    "--add d [fd00::2]:3300 -p MAP",
                    "--add d [fd00::2] -p MAP",
                    "--add d fd00::2 -p MAP",
                    "--add a 1.2.3.3 MAP",
                    "--add d 1.2.3.4:6789 MAP",
                    "--add d 1.2.3 MAP",
                    "--add d 1.2.3.4.5 MAP",
                    "--add d 1.2.3.4:x MAP",
                    "--add d 1.2.3.4:70000 MAP",
                    "--add d localhost MAP",
                    "--add d MAP",
                    "--add",
                    "--addv d [v2:1.2.3.3:3300,v1:1.2.3.3:6789] -p MAP",
                    "--addv d [v1:1.2.3.3:6789,v2:1.2.3.3:3300] -p MAP",
                    "--addv d [v2:1.2.3.3:3300/1,v1:1.2.3.3:6789/1] -p MAP",
                    "--addv d v2:1.2.3.3:3300,v1:1.2.3.3:6789 -p MAP",
                    "--addv d 1.2.3.3:6789 -p MAP",
                    "--addv d 1.2.3.3 -p MAP",
                    "--addv d v2:1.2.3.3 -p MAP",
                    "--addv d any:1.2.3.3:7 -p MAP",
                    "--addv d [v2:1.2.3.3:3300,v1:1.2.3.4:6789] -p MAP",
                    "--addv d [v2:1.2.3.3:3300 MAP",
                    "--addv d v3:1.2.3.3:3300 MAP",
                    "--addv d v2:1.2.3.3:3300,foo -p MAP",
                    "--addv d [v2:1.2.3.3:3300],foo -p MAP",
                    "--addv d [1.2.3.3:3300,1.2.3.3:6789] -p MAP",
                    "--addv d fd00::2 -p MAP",
                    "--addv d [fd00::2]:77 -p MAP",
                    "--addv d [-] -p MAP",
                    "--addv d foo MAP",
                    "--addv d [] MAP",
                    "--addv d - MAP",
                    "--rm a MAP",
                    "--rm b --print MAP",
                    "--rm a --rm b --print MAP",
                    "--rm q MAP",
                    "--rm a --add a 9.9.9.9:6789 MAP",
                    "--rm MAP",
                    "--enable-all-features MAP",
                    "--enable_all_features --print MAP",
                    "--feature-list MAP",
                    "--feature-list plain MAP",
                    "--feature-list parseable MAP",
                    "--feature-list --feature-list parseable --print MAP",
                    "--feature-set kraken MAP",
                    "--feature-set pacific --optional MAP",
                    "--feature-set 64 --persistent --print MAP",
                    "--feature-set nautilus --feature-list --optional MAP",
                    "--feature-list --optional MAP",
                    "--feature-list parseable --persistent MAP",
                    "--feature-set kraken --feature-unset luminous --feature-list MAP",
                    "--feature-set nosuch MAP",
                    "--feature-set 1024 --feature-list --print MAP",
                    "--feature-set -1 MAP",
                    "--feature-unset luminous MAP",
                    "--feature-unset 255 --feature-list MAP",
                    "--optional MAP",
                    "--persistent MAP",
                    "--set-min-mon-release nautilus MAP",
                    "--set-min-mon-release 14 MAP",
                    "--set-min-mon-release 16 -p MAP",
                    "--set-min-mon-release squid MAP",
                    "--set-min-mon-release= MAP",
                    "--bogus MAP",
                    "--print MAP MAP",
                    "-- MAP",
                    "--print -- MAP",
                    "--print",
                    "--print /absent/map",
                    "");

    @TempDir Path folder;
    private Path map;

    @BeforeEach
    void needsTool() {
        Program.need("monmaptool");
        map = folder.resolve("map");
    }

    private record Ran(int code, String out, String err, String written) {}

    @Test
    void makesMapsLikeMonmaptool() throws IOException {
        SoftAssertions all = new SoftAssertions();
        for (String line : MAKING) {
            Files.deleteIfExists(map);
            Ran theirs = genuine(line);
            byte[] made = Files.exists(map) ? Files.readAllBytes(map) : new byte[0];
            Files.deleteIfExists(map);
            Ran ours = ours(line);
            all.assertThat(masked(ours)).as("monmaptool %s", line).isEqualTo(masked(theirs));
            if (made.length > 0 && Files.exists(map)) {
                all.assertThat(genuine("--print MAP")).as(line).isEqualTo(ours("--print MAP"));
                Files.write(map, made);
                all.assertThat(ours("--print MAP")).as(line).isEqualTo(genuine("--print MAP"));
            }
        }
        all.assertAll();
    }

    @Test
    void showsAndChangesMapsLikeMonmaptool() throws IOException {
        SoftAssertions all = new SoftAssertions();
        for (String making : MAPS) {
            Files.deleteIfExists(map);
            assertThat(genuine(making).code).isZero();
            byte[] before = Files.readAllBytes(map);
            for (String line : ON_MAPS) {
                Files.write(map, before);
                Ran theirs = genuine(line);
                if (theirs.code == 134 || theirs.code == 139) {
                    continue; // It broke down; there is nothing to be like.
                }
                Files.write(map, before);
                all.assertThat(ours(line))
                        .as("monmaptool %s on one of %s", line, making)
                        .isEqualTo(theirs);
            }
        }
        all.assertAll();
    }

    @Test
    void refusesWhatIsNoMap() throws IOException {
        assertThat(genuine("--create " + FSID + " --add a 1.2.3.4 MAP").code).isZero();
        byte[] whole = Files.readAllBytes(map);
        for (int size = 0; size < whole.length; size++) {
            Files.write(map, java.util.Arrays.copyOf(whole, size));
            assertThat(ours("--print MAP")).as("%d bytes", size).isEqualTo(genuine("--print MAP"));
        }
    }

    private String[] words(String line) {
        return Stream.of(line.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> word.equals("MAP") ? map.toString() : word)
                .toArray(String[]::new);
    }

    private Ran genuine(String line) throws IOException {
        Program.Result result = Program.of("monmaptool", (Object[]) words(line)).run();
        return new Ran(result.code(), named(result.out()), errors(result.err()), written());
    }

    private Ran ours(String line) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                MonmaptoolVerb.run(
                        words(line),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ran(
                code,
                out.toString(StandardCharsets.UTF_8),
                errors(err.toString(StandardCharsets.UTF_8)),
                written());
    }

    /** The tool calls itself by the path it was started by. */
    private static String named(String text) {
        return text.replace("/usr/bin/monmaptool", "monmaptool");
    }

    /** Without lines of its log. */
    private static String errors(String text) {
        return named(text)
                .lines()
                .filter(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT.*") && !line.isBlank())
                .collect(Collectors.joining("\n"));
    }

    private String written() throws IOException {
        return Files.exists(map) ? HexFormat.of().formatHex(Files.readAllBytes(map)) : "nothing";
    }

    /** Without the times and an fsid that was generated. */
    private static Ran masked(Ran ran) {
        boolean generated = ran.out.contains("generated fsid");
        String out = ran.out.replaceAll("(created|last_changed) \\S+", "$1 TIME");
        if (generated) {
            out = out.replaceAll("fsid [0-9a-f-]{36}", "fsid FSID");
        }
        if (ran.written.equals("nothing")) {
            return new Ran(ran.code, out, ran.err, ran.written);
        }
        Bytes bytes = Bytes.of(HexFormat.of().parseHex(ran.written));
        MonMap read = MonMap.CODEC.fromBytes(bytes);
        assertThat(MonMap.CODEC.toBytes(read)).isEqualTo(bytes);
        MonMap timeless =
                new MonMap(
                        generated ? new UUID(0, 0) : read.fsid(),
                        read.epoch(),
                        Utime.ZERO,
                        Utime.ZERO,
                        read.persistentFeatures(),
                        read.optionalFeatures(),
                        read.monitors(),
                        read.ranks(),
                        read.minMonRelease(),
                        read.removedRanks(),
                        read.strategy(),
                        read.disallowedLeaders(),
                        read.stretchMode(),
                        read.tiebreaker(),
                        read.stretchMarkedDown());
        return new Ran(ran.code, out, ran.err, timeless.toString());
    }
}
