package io.sepiola.lab.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.cluster.crushtool.CrushtoolVerb;
import io.sepiola.lab.interop.Program;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The same command lines typed to genuine {@code crushtool} and to {@code sepiola crushtool}: equal
 * output, equal exit codes, equal maps written. {@code -Dcrushtool.maps=N} takes more maps, {@code
 * -Dcrushtool.first=N} others.
 */
class CrushtoolTest {
    /** On every map; MAP stands for it, and for the map written, OUT. */
    private static final List<String> ON_MAPS =
            List.of(
                    "-d MAP",
                    "-d MAP -o OUT",
                    "-i MAP --tree",
                    "-i MAP --dump",
                    "-i MAP --dump -f json",
                    "-i MAP --show-location 2",
                    "-i MAP --bucket-tree -b default",
                    "-i MAP --check 7",
                    "-i MAP --check 0",
                    "-i MAP --test --show-statistics --num-rep 2 --max-x 99 --min-x 0",
                    "-i MAP --test --show-utilization --num-rep 3 --max-x 199 --min-x 0 --rule 1",
                    "-i MAP --test --show_utilization_all --num-rep=2 --weight 2 0.3 --rule 0",
                    "-i MAP --test --show-bad-mappings --show-choose-tries --max-x 50 --min-x 0",
                    "-i MAP --test --show-mappings --x 77 --pool-id 3 --num-rep 4 --batches 2",
                    "-i MAP --test --show-mappings --simulate --num-rep 2 --min-x 0 --max-x 9",
                    "-i MAP --reweight -o OUT",
                    "-i MAP --reweight-item osd.1 2.5 -o OUT",
                    "-i MAP --reweight-item h0 3 -o OUT",
                    "-i MAP --remove-item osd.0 -o OUT",
                    "-i MAP --remove-item h0 -o OUT",
                    "-i MAP --remove-item h1 -o OUT --tree",
                    "-i MAP --add-item 99 1.75 osd.99 --loc host h0 --loc root default -o OUT",
                    "-i MAP --add-item 99 1.75 osd.99 --loc host new --loc root default -o OUT",
                    "-i MAP --add-item 99 2 osd.99 --loc host new --loc rack r9 --loc root nr -o"
                            + " OUT",
                    "-i MAP --update-item 1 4.25 osd.1 --loc host h0 --loc root default -o OUT",
                    "-i MAP --update-item 1 4.25 renamed --loc host h1 --loc root default -o OUT",
                    "-i MAP --move h0 --loc rack r1 --loc root default -o OUT",
                    "-i MAP --move osd.2 --loc host h1 -o OUT",
                    "-i MAP --move r0 --loc root elsewhere -o OUT",
                    "-i MAP --add-bucket b9 rack --loc root default -o OUT",
                    "-i MAP --create-simple-rule nr default host indep -o OUT",
                    "-i MAP --create-replicated-rule nr default osd -o OUT",
                    "-i MAP --create-replicated-rule nr default rack --device-class ssd -o OUT",
                    "-i MAP --remove-rule rule-1 -o OUT",
                    "-i MAP --rebuild-class-roots -o OUT",
                    "-i MAP --set-subtree-class default ssd --tree --reweight -o OUT",
                    "-i MAP --set-choose-total-tries 7 --set-chooseleaf-stable 0 -o OUT",
                    "-i MAP --set-straw-calc-version 0 --set-allowed-bucket-algs 22 -v -o OUT",
                    "-i MAP --compare OTHER --num-rep 2 --min-x 0 --max-x 99",
                    "-i MAP --compare MAP --num-rep 2 --min-x 0 --max-x 9");

    /** On maps of list and tree buckets with room in their trees. */
    private static final List<String> ON_TREES =
            List.of(
                    "-d MAP",
                    "-i MAP --reweight-item osd.3 0.75 -o OUT",
                    "-i MAP --reweight-item host1 9 -o OUT",
                    "-i MAP --remove-item osd.2 -o OUT",
                    "-i MAP --remove-item osd.4 -o OUT",
                    "-i MAP --remove-item osd.21 -o OUT",
                    "-i MAP --add-item 40 1.5 osd.40 --loc host host1 -o OUT",
                    "-i MAP --update-item 7 3 osd.7 --loc host host3 -o OUT",
                    "-i MAP --move osd.1 --loc host host2 -o OUT",
                    "-i MAP --reweight -o OUT",
                    "-i MAP --test --show-mappings --num-rep 3 --min-x 0 --max-x 99");

    /** What goes wrong, and what needs no map. */
    private static final List<String> ONCE =
            List.of(
                    "-v",
                    "--check",
                    "-i",
                    "-i MAP --test --x abc",
                    "-i MAP --test --x",
                    "-i MAP --test",
                    "-i MAP --tset",
                    "-i MAP --test --show-mappings more words",
                    "-i MAP --test -w 3 0.5",
                    "-d MAP -c MAP",
                    "-c /absent/map",
                    "-i /absent/map --tree",
                    "-i MAP --add-bucket foo bar",
                    "-i MAP --add-bucket default root",
                    "-i MAP --move foo",
                    "-i MAP --move osd.1",
                    "-i MAP --reweight-item foo 1",
                    "-i MAP --remove-item foo",
                    "-i MAP --add-item 99 1 osd.99",
                    "-i MAP --add-item 99 1",
                    "-i MAP --add-item 99 1 osd.1 --loc root default",
                    "-i MAP --create-simple-rule rule-1 default host firstn",
                    "-i MAP --create-simple-rule nr nowhere host firstn",
                    "-i MAP --create-simple-rule nr default house firstn",
                    "-i MAP --create-simple-rule nr default host first",
                    "-i MAP --create-replicated-rule nr default host --device-class tape",
                    "-i MAP --remove-rule zz",
                    "-i MAP --bucket-tree",
                    "--build",
                    "--build --num_osds 4 a",
                    "--build --num_osds 4 a magic 2",
                    "--build --num_osds 5 host straw2 2 -o OUT",
                    "--build --num_osds 27 host straw2 2 rack uniform 4 root straw 0 -o OUT",
                    "--build --num_osds 16 host tree 3 root list 0 -o OUT --tree",
                    "--build --num_osds 0 host tree 3 -o OUT",
                    "--build --num_osds 9 a-very-long-name-of-host straw2 2 root straw2 0 -o OUT");

    @TempDir Path folder;

    @BeforeAll
    static void needsCrushtool() {
        Program.need("crushtool");
    }

    private record Ran(int code, String out, String err, String written) {}

    @Test
    void answersLikeCrushtoolOnRandomMaps() throws IOException {
        int first = Integer.getInteger("crushtool.first", 1);
        int maps = Integer.getInteger("crushtool.maps", 8);
        for (int seed = first; seed < first + maps; seed++) {
            prepare(seed);
            for (String line : ON_MAPS) {
                compare(seed, "", line);
            }
        }
    }

    @Test
    void answersLikeCrushtoolOnTrees() throws IOException {
        for (String layers : List.of("host tree 5 root tree 0", "host list 5 root tree 0")) {
            List<Object> words = new ArrayList<>(List.of("--build", "--num_osds", "22"));
            words.addAll(List.of(layers.split(" ")));
            words.addAll(List.of("-o", folder.resolve("MAP")));
            Program.of("crushtool", words.toArray()).run().ok();
            for (String line : ON_TREES) {
                compare(0, layers, line);
            }
        }
    }

    @Test
    void refusesLikeCrushtool() throws IOException {
        prepare(1);
        for (String line : ONCE) {
            compare(1, "", line);
        }
    }

    private void prepare(int seed) {
        for (String name : List.of("MAP", "OTHER")) {
            Path text = folder.resolve(name + ".txt");
            try {
                Files.writeString(
                        text, new RandomMap(name.equals("MAP") ? seed : seed + 1, true).text());
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
            Program.of("crushtool", "-c", text, "-o", folder.resolve(name)).run().ok();
        }
    }

    private void compare(int seed, String layers, String line) throws IOException {
        Path output = folder.resolve("OUT");
        String[] words =
                Arrays.stream(line.split(" "))
                        .map(word ->
                                List.of("MAP", "OTHER", "OUT").contains(word)
                                        ? folder.resolve(word).toString()
                                        : word)
                        .toArray(String[]::new);
        Files.deleteIfExists(output);
        Program.Result result = Program.of("crushtool", (Object[]) words).run();
        Ran theirs =
                new Ran(result.code(), named(result.out()), errors(result.err()), written(output));
        if (result.code() == 134 || result.code() == 139) {
            return; // It broke down; there is nothing to be like.
        }
        Files.deleteIfExists(output);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                CrushtoolVerb.run(
                        words,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(new byte[0]));
        Ran ours =
                new Ran(
                        code,
                        out.toString(StandardCharsets.UTF_8),
                        errors(err.toString(StandardCharsets.UTF_8)),
                        written(output));
        String map = layers.isEmpty() ? "map of seed " + seed : "map of " + layers;
        String what = map + ": crushtool " + line;
        assertThat(ours.out).as(what).isEqualTo(theirs.out);
        assertThat(ours.code).as("exit code; %s; %s", what, theirs.err).isEqualTo(theirs.code);
        assertThat(ours.written).as("map written; %s", what).isEqualTo(theirs.written);
        assertThat(ours.err).as("errors; %s", what).startsWith(theirs.err);
    }

    /** The tool calls itself by the path it was started by. */
    private static String named(String text) {
        return text.replace("/usr/bin/crushtool", "crushtool");
    }

    /** Without lines of its log. */
    private static String errors(String text) {
        return named(text)
                .lines()
                .filter(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT.*") && !line.isBlank())
                .collect(Collectors.joining("\n"));
    }

    private static String written(Path file) throws IOException {
        return Files.exists(file) ? HexFormat.of().formatHex(Files.readAllBytes(file)) : "nothing";
    }

    /** Texts that one of them refuses are refused by the other. */
    @Test
    void refusesTheSameTexts() throws IOException {
        String good = new RandomMap(5).text();
        List<String> lines = good.lines().toList();
        List<String> texts =
                Stream.concat(
                                IntStream.range(0, lines.size())
                                        .filter(i -> i % 7 == 0)
                                        .mapToObj(i -> without(lines, i)),
                                Stream.of(
                                        good.replace("alg ", "algo "),
                                        good.replaceFirst("weight [0-9.]+", "weight -1"),
                                        good.replaceFirst("weight [0-9.]+", "weight x"),
                                        good.replaceFirst("step emit", "step emit emit"),
                                        good.replaceFirst("type host", "type house"),
                                        good + "device 99 osd.99\n",
                                        good + "choose_args 0 { { bucket_id -99 } }\n"))
                        .toList();
        int refused = 0;
        for (String text : texts) {
            Path file = Files.writeString(folder.resolve("bad.txt"), text);
            int theirs = Program.of("crushtool", "-c", file).run().code();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            PrintStream sink = new PrintStream(err, true, StandardCharsets.UTF_8);
            int ours =
                    CrushtoolVerb.run(
                            new String[] {"-c", file.toString()},
                            sink,
                            sink,
                            new ByteArrayInputStream(new byte[0]));
            assertThat(ours).as("%s", err).isEqualTo(theirs);
            if (ours != 0) {
                assertThat(err.toString(StandardCharsets.UTF_8)).matches("line \\d+: .+\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10);
    }

    private static String without(List<String> lines, int index) {
        return IntStream.range(0, lines.size())
                .filter(i -> i != index)
                .mapToObj(lines::get)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
