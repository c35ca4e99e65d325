package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of this machine, run as a person would run it. */
public final class Program {
    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final boolean STRICT = Boolean.getBoolean("strict");

    private final List<String> words;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Duration timeout = Duration.ofSeconds(60);

    private Program(List<String> words) {
        this.words = words;
    }

    /** What it printed and how it ended. */
    public record Result(int code, String out, String err, List<String> command) {
        /** States that it ended well; returns what it printed. */
        public String ok() {
            assertThat(code)
                    .as("exit code of %s%n--- out%n%s%n--- err%n%s", command, out, err)
                    .isZero();
            return out;
        }
    }

    /** Skips the test, or fails it when strict, where one of these is not installed. */
    public static void need(String... programs) {
        for (String program : programs) {
            if (find(program) == null) {
                String message =
                        "SKIPPED: this machine has no '"
                                + program
                                + "'; ./check as root installs it";
                System.err.println(message);
                if (STRICT) {
                    throw new AssertionError(message);
                }
                abort(message);
            }
        }
    }

    private static Path find(String program) {
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program)) ? Path.of(program) : null;
        }
        List<String> folders =
                new ArrayList<>(List.of("/usr/bin", "/usr/sbin", "/bin", "/usr/local/bin"));
        folders.addAll(Arrays.asList(System.getenv("PATH").split(":")));
        return folders.stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** A program by name or path, with its arguments. Debian's own come before others on PATH. */
    public static Program of(String program, Object... arguments) {
        List<String> words = new ArrayList<>();
        Path found = find(program);
        words.add(found == null ? program : found.toString());
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return new Program(words);
    }

    /** {@code ./sepiola} of this source tree. */
    public static Program sepiola(Object... arguments) {
        return of(ROOT.resolve("sepiola").toString(), arguments);
    }

    /** Sets an environment variable. */
    public Program env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs it by another program, as {@code nice} or {@code ip netns exec NAME} would. */
    public Program by(List<String> prefix) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        Program prefixed = new Program(all);
        prefixed.environment.putAll(environment);
        prefixed.timeout = timeout;
        return prefixed;
    }

    /** How long it may take; 60 s unless said. */
    public Program within(Duration limit) {
        timeout = limit;
        return this;
    }

    /** Runs it with no input. */
    public Result run() {
        return run("");
    }

    /** Runs it with this input, and fails when it takes too long. */
    public Result run(String input) {
        try {
            Path out = Files.createTempFile("out", "");
            Path err = Files.createTempFile("err", "");
            Path in = Files.createTempFile("in", "");
            Files.writeString(in, input);
            try {
                Process process = builder(in, out, err).start();
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(
                            words
                                    + " took more than "
                                    + timeout
                                    + "\n--- out\n"
                                    + read(out)
                                    + "\n--- err\n"
                                    + read(err));
                }
                return new Result(process.exitValue(), read(out), read(err), words);
            } finally {
                Files.delete(out);
                Files.delete(err);
                Files.delete(in);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Starts it and leaves it running; what it prints goes to {@code log}. */
    public Process start(Path log) {
        try {
            return builder(Path.of("/dev/null"), log, null).start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private ProcessBuilder builder(Path in, Path out, Path errOrNull) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        builder.environment().put("PATH", "/usr/bin:/usr/sbin:/bin:/sbin:" + System.getenv("PATH"));
        builder.redirectInput(in.toFile()).redirectOutput(out.toFile());
        if (errOrNull == null) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(errOrNull.toFile());
        }
        return builder;
    }
}
