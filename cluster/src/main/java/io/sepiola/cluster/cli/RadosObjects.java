package io.sepiola.cluster.cli;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.client.Errno;
import io.sepiola.client.IoContext;
import io.sepiola.client.IoContext.ObjectStat;
import io.sepiola.client.IoContext.OmapEntries;
import io.sepiola.client.IoContext.OmapKeys;
import io.sepiola.client.IoContext.ReadResults;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** The commands of {@code sepiola rados} about single objects. */
final class RadosObjects {
    private static final int PIECE = 4 << 20;
    private static final int PIECE_MAX = 64 << 20;
    private static final int IN_FLIGHT = 4;
    private static final int PAGE = 1024;

    private final Rados rados;
    private final IoContext context;
    private final RadosArguments arguments;
    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;

    RadosObjects(
            Rados rados,
            IoContext context,
            RadosArguments arguments,
            PrintStream out,
            PrintStream err,
            InputStream in) {
        this.rados = rados;
        this.context = context;
        this.arguments = arguments;
        this.out = out;
        this.err = err;
        this.in = in;
    }

    /** How many words must follow the command; -1 when there is no such command. */
    static int argumentCount(String command) {
        return switch (command) {
            case "rm",
                    "create",
                    "touch",
                    "stat",
                    "stat2",
                    "cp",
                    "listxattr",
                    "listomapkeys",
                    "listomapvals",
                    "clearomap",
                    "getomapheader" ->
                    1;
            case "get",
                    "put",
                    "append",
                    "truncate",
                    "getxattr",
                    "setxattr",
                    "rmxattr",
                    "getomapval",
                    "setomapval",
                    "rmomapkey",
                    "setomapheader" ->
                    2;
            default -> -1;
        };
    }

    int run(List<String> words) throws IOException {
        String object = words.get(1);
        String second = words.size() > 2 ? words.get(2) : "";
        String third = words.size() > 3 ? words.get(3) : "";
        String shown = context.pool() + "/" + object;
        return switch (words.getFirst()) {
            case "put" -> put(object, second);
            case "get" -> get(object, second);
            case "append" -> append(object, second);
            case "stat", "stat2" -> stat(object, words.getFirst().equals("stat2"));
            case "rm" -> remove(words.subList(1, words.size()));
            case "create" ->
                    guarded(
                            "error creating " + shown,
                            () -> Await.on(context.write().create(true).submit(object)));
            case "touch" ->
                    guarded(
                            "error touching " + shown,
                            () -> Await.on(context.write().create(false).submit(object)));
            case "truncate" -> {
                long size = RadosArguments.sizeOf(second, "length");
                yield guarded(
                        "error truncating oid " + object + " to " + size,
                        () -> Await.on(context.write().truncate(size).submit(object)));
            }
            case "cp" -> copy(object, second.isEmpty() ? object : second);
            case "listxattr" ->
                    guarded(
                            "error getting xattr set " + shown,
                            () ->
                                    read(object, c -> c.xattrs())
                                            .entries(0)
                                            .keySet()
                                            .forEach(out::println));
            case "getxattr" ->
                    guarded(
                            "error getting xattr " + shown + "/" + second,
                            () -> raw(read(object, c -> c.xattr(second)).data(0)));
            case "setxattr" -> {
                Bytes value = words.size() > 3 ? Bytes.utf8(third) : input();
                yield guarded(
                        "error setting xattr " + shown + "/" + second,
                        () -> Await.on(context.write().setXattr(second, value).submit(object)));
            }
            case "rmxattr" ->
                    guarded(
                            "error removing xattr " + shown + "/" + second,
                            () -> Await.on(context.write().removeXattr(second).submit(object)));
            default -> omap(words, object, second, third, shown);
        };
    }

    private int omap(List<String> words, String object, String second, String third, String shown)
            throws IOException {
        return switch (words.getFirst()) {
            case "listomapkeys" ->
                    guarded("error getting omap key set " + shown, () -> omapKeys(object));
            case "listomapvals" ->
                    guarded("error getting omap keys " + shown, () -> omapValues(object));
            case "getomapval" -> omapValue(object, second, third);
            case "setomapval" -> {
                Bytes value = words.size() > 3 ? Bytes.utf8(third) : input();
                SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
                entries.put(second, value);
                yield guarded(
                        "error setting omap value " + shown + "/" + second,
                        () -> Await.on(context.write().setOmap(entries).submit(object)));
            }
            case "rmomapkey" ->
                    guarded(
                            "error removing omap key " + shown + "/" + second,
                            () ->
                                    Await.on(
                                            context.write()
                                                    .removeOmap(new TreeSet<>(List.of(second)))
                                                    .submit(object)));
            case "clearomap" -> {
                int code = 0;
                for (String name : words.subList(1, words.size())) {
                    code |=
                            guarded(
                                    "error clearing omap keys " + context.pool() + "/" + name,
                                    () -> Await.on(context.write().clearOmap().submit(name)));
                }
                yield code;
            }
            case "getomapheader" ->
                    guarded(
                            "error getting omap header " + shown,
                            () ->
                                    show(
                                            "header",
                                            read(object, c -> c.omapHeader()).data(0),
                                            second));
            default ->
                    guarded(
                            "error setting omap value " + shown,
                            () ->
                                    Await.on(
                                            context.write()
                                                    .setOmapHeader(Bytes.utf8(second))
                                                    .submit(object)));
        };
    }

    /** Something that may fail with an error of the cluster, or of the files here. */
    private interface Action {
        void run() throws IOException;
    }

    private int guarded(String otherwise, Action action) throws IOException {
        try {
            action.run();
            return 0;
        } catch (RadosException failed) {
            err.println(otherwise + ": " + RadosVerb.sentence(failed.errno()));
            return 1;
        }
    }

    private interface Question {
        IoContext.ReadOperation of(IoContext.ReadOperation read);
    }

    private ReadResults read(String object, Question question) {
        return Await.on(question.of(context.read()).submit(object));
    }

    private int piece() {
        return Math.clamp(arguments.size("block-size", PIECE), 1, PIECE_MAX);
    }

    private int put(String object, String file) throws IOException {
        long from = arguments.size("offset", arguments.size("obj-offset", 0));
        try (InputStream source = source(file)) {
            return guarded(
                    "error writing " + context.pool() + "/" + object,
                    () -> put(object, source, from));
        } catch (NoSuchFileException missing) {
            err.println("error reading input file " + file + ": " + RadosVerb.sentence(2));
            return 1;
        }
    }

    /** The first piece replaces the object; the others follow it, some at a time. */
    private void put(String object, InputStream source, long from) throws IOException {
        Deque<CompletableFuture<?>> inFlight = new ArrayDeque<>();
        long offset = from;
        while (true) {
            byte[] bytes = source.readNBytes(piece());
            boolean first = offset == from;
            if (bytes.length == 0 && !first) {
                break;
            }
            Bytes data = Bytes.of(bytes);
            if (offset == 0) {
                Await.on(context.writeFull(object, data));
            } else if (bytes.length > 0) {
                inFlight.add(context.write().write(offset, data).submit(object));
            }
            if (inFlight.size() >= IN_FLIGHT) {
                Await.on(inFlight.removeFirst());
            }
            offset += bytes.length;
            if (bytes.length < piece()) {
                break;
            }
        }
        inFlight.forEach(Await::on);
    }

    private InputStream source(String file) throws IOException {
        return file.equals("-") ? in : Files.newInputStream(Path.of(file));
    }

    private int get(String object, String file) throws IOException {
        return guarded(
                "error getting " + context.pool() + "/" + object,
                () -> {
                    Bytes first = Await.on(context.read(object, 0, piece()));
                    if (file.equals("-")) {
                        get(object, first, out);
                        out.flush();
                    } else {
                        try (OutputStream target = Files.newOutputStream(Path.of(file))) {
                            get(object, first, target);
                        }
                    }
                });
    }

    private void get(String object, Bytes first, OutputStream target) throws IOException {
        int piece = piece();
        long offset = first.size();
        Bytes data = first;
        while (!data.isEmpty()) {
            // The next piece is on its way while this one is written.
            CompletableFuture<Bytes> next =
                    data.size() < piece
                            ? CompletableFuture.completedFuture(Bytes.EMPTY)
                            : context.read(object, offset, piece);
            target.write(data.toArray());
            data = Await.on(next);
            offset += data.size();
        }
    }

    private int append(String object, String file) throws IOException {
        try (InputStream source = source(file)) {
            return guarded(
                    "error appending to " + context.pool() + "/" + object,
                    () -> {
                        byte[] bytes = source.readNBytes(piece());
                        while (bytes.length > 0) {
                            Await.on(context.write().append(Bytes.of(bytes)).submit(object));
                            bytes = source.readNBytes(piece());
                        }
                    });
        } catch (NoSuchFileException missing) {
            err.println("error reading input file " + file + ": " + RadosVerb.sentence(2));
            return 1;
        }
    }

    private int stat(String object, boolean precise) throws IOException {
        String shown = context.pool() + "/" + object;
        return guarded(
                " error stat-ing " + shown,
                () -> {
                    ObjectStat stat = Await.on(context.stat(object));
                    Instant time =
                            precise
                                    ? stat.modified()
                                    : stat.modified().truncatedTo(ChronoUnit.SECONDS);
                    out.println(shown + " mtime " + Shown.time(time) + ", size " + stat.size());
                });
    }

    private int remove(List<String> names) throws IOException {
        IoContext from = arguments.has("force-full") ? context.failingWhenFull() : context;
        for (String name : names) {
            int code =
                    guarded(
                            "error removing " + context.pool() + ">" + name,
                            () -> Await.on(from.remove(name)));
            if (code != 0) {
                return code;
            }
        }
        return 0;
    }

    private int copy(String from, String to) throws IOException {
        IoContext target = context;
        if (arguments.value("target-pool").isPresent()) {
            target = Await.on(rados.open(arguments.value("target-pool").get()));
            target = target.withNamespace(arguments.value("namespace").orElse(""));
        }
        if (arguments.value("target-nspace").isPresent()) {
            target = target.withNamespace(arguments.value("target-nspace").get());
        }
        IoContext last = target.withLocator(arguments.value("target-locator").orElse(""));
        if (to.equals(from)
                && last.pool().equals(context.pool())
                && arguments.value("target-nspace").isEmpty()
                && arguments.value("target-locator").isEmpty()) {
            err.println("cannot copy object into itself");
            return 1;
        }
        return guarded(
                "error copying " + context.pool() + "/" + from + " => " + last.pool() + "/" + to,
                () -> copy(from, last, to));
    }

    /** The cluster copies where it can; otherwise data, attributes and omap go through here. */
    private void copy(String from, IoContext target, String to) throws IOException {
        try {
            Await.on(target.write().copyFrom(context, from, 0).submit(to));
        } catch (RadosException failed) {
            if (failed.errno() != Errno.EOPNOTSUPP) {
                throw failed;
            }
            copyHere(from, target, to);
        }
    }

    private void copyHere(String from, IoContext target, String to) {
        Bytes data = Await.on(context.read(from, 0, piece()));
        Await.on(target.writeFull(to, data));
        for (long offset = data.size(); data.size() == piece(); offset += data.size()) {
            data = Await.on(context.read(from, offset, piece()));
            if (!data.isEmpty()) {
                Await.on(target.write().write(offset, data).submit(to));
            }
        }
        read(from, c -> c.xattrs())
                .entries(0)
                .forEach(
                        (name, value) -> Await.on(target.write().setXattr(name, value).submit(to)));
        Bytes header = read(from, c -> c.omapHeader()).data(0);
        if (!header.isEmpty()) {
            Await.on(target.write().setOmapHeader(header).submit(to));
        }
        String after = "";
        OmapEntries page;
        do {
            String begin = after;
            page = read(from, c -> c.omap(begin, "", PAGE)).omap(0);
            if (!page.entries().isEmpty()) {
                Await.on(target.write().setOmap(page.entries()).submit(to));
                after = page.entries().lastKey();
            }
        } while (page.more());
    }

    private void omapKeys(String object) {
        String after = "";
        OmapKeys page;
        do {
            String begin = after;
            page = read(object, c -> c.omapKeys(begin, PAGE)).omapKeys(0);
            page.keys().forEach(out::println);
            after = page.keys().isEmpty() ? after : page.keys().getLast();
        } while (page.more());
    }

    private void omapValues(String object) throws IOException {
        String after = "";
        OmapEntries page;
        do {
            String begin = after;
            page = read(object, c -> c.omap(begin, "", PAGE)).omap(0);
            for (var entry : page.entries().entrySet()) {
                out.println(entry.getKey());
                show("value", entry.getValue(), "");
            }
            after = page.entries().isEmpty() ? after : page.entries().lastKey();
        } while (page.more());
    }

    private int omapValue(String object, String key, String file) throws IOException {
        String shown = context.pool() + "/" + object + "/" + key;
        boolean[] absent = {false};
        int code =
                guarded(
                        "error getting omap value " + shown,
                        () -> {
                            TreeSet<String> keys = new TreeSet<>(List.of(key));
                            @Nullable Bytes value =
                                    read(object, c -> c.omapOf(keys)).entries(0).get(key);
                            absent[0] = value == null;
                            if (value != null) {
                                show("value", value, file);
                            }
                        });
        if (absent[0]) {
            out.println("No such key: " + shown); // where Ceph's program says it
            return 1;
        }
        return code;
    }

    private void show(String what, Bytes value, String file) throws IOException {
        if (!file.isEmpty()) {
            out.println("Writing to " + file);
            Files.write(Path.of(file), value.toArray());
            return;
        }
        out.println(what + " (" + value.size() + " bytes) :");
        out.println(HexDump.of(value));
    }

    private void raw(Bytes value) throws IOException {
        out.write(value.toArray());
        out.flush();
    }

    private Bytes input() throws IOException {
        var file = arguments.value("input-file");
        return Bytes.of(
                file.isPresent() ? Files.readAllBytes(Path.of(file.get())) : in.readAllBytes());
    }
}
