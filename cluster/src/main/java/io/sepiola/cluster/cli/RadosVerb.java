package io.sepiola.cluster.cli;

import io.sepiola.base.Await;
import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.client.Errno;
import io.sepiola.client.IoContext;
import io.sepiola.client.Keyring;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;
import io.sepiola.client.RadosOptions;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code sepiola rados}: pools and objects from the command line. */
public final class RadosVerb {
    private static final String USAGE =
            """
            usage: sepiola rados [options] COMMAND...

            POOLS
               lspools                          list pools
               mkpool <pool>                    make a replicated pool
               rmpool <pool> <pool> --yes-i-really-really-mean-it
                                                remove a pool and everything in it
               purge <pool> --yes-i-really-really-mean-it
                                                remove everything in a pool
               df                               usage, by pool and in total
               ls                               list objects in a pool

            OBJECTS
               get <obj> <outfile>              fetch an object; "-" is standard output
               put <obj> <infile> [--offset N]  write an object; "-" is standard input
               append <obj> <infile>            write at an object's end
               truncate <obj> <size>            set an object's size
               create <obj>, touch <obj>        make an object
               rm <obj> ... [--force-full]      remove objects
               cp <obj> [target-obj]            copy an object
               stat <obj>, stat2 <obj>          its size and time; the latter with fractions
               listxattr <obj>
               getxattr <obj> <attr>
               setxattr <obj> <attr> [val]      without val from standard input
               rmxattr <obj> <attr>
               listomapkeys <obj>
               listomapvals <obj>
               getomapval <obj> <key> [file]
               setomapval <obj> <key> <val | --input-file file>
               rmomapkey <obj> <key>
               clearomap <obj> ...
               getomapheader <obj> [file]
               setomapheader <obj> <val>

            BENCHMARK
               bench <seconds> write|seq|rand [-t concurrent] [-b size] [--no-cleanup]
                     [--run-name name] [--max-objects N]
               cleanup [--run-name name]        remove what bench --no-cleanup left

            OPTIONS
               -p, --pool NAME                  the pool
               --target-pool NAME               where cp copies to
               -N, --namespace NAME             the namespace of objects
               --object-locator KEY             places objects by KEY
               --all                            ls: objects of all namespaces
               --create                         make the pool when it is missing
               -b SIZE, -O SIZE                 size of operations (4M) and of bench's objects
               -c, --conf FILE; -n, --name TYPE.ID; --id ID; -k, --keyring FILE; -m, --mon-host ADDRS
               --connect-timeout SECONDS        how long to look for a monitor (30)
            """;

    private final RadosArguments arguments;
    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;

    private RadosVerb(RadosArguments arguments, PrintStream out, PrintStream err, InputStream in) {
        this.arguments = arguments;
        this.out = out;
        this.err = err;
        this.in = in;
    }

    /** Runs one command line; the exit code: 0 or 1, as the genuine tool's. */
    public static int run(String[] args, PrintStream out, PrintStream err, InputStream in) {
        try {
            Map<String, String> environment = System.getenv();
            RadosArguments arguments = RadosArguments.parse(Arrays.asList(args), environment);
            int code = new RadosVerb(arguments, out, err, in).run(environment);
            out.flush();
            return code;
        } catch (Malformed bad) {
            err.println("rados: " + bad.getMessage());
            return 1;
        } catch (RadosException failed) {
            err.println(failed.getMessage());
            return 1;
        } catch (IOException failed) {
            err.println(failed.getMessage());
            return 1;
        }
    }

    private int run(Map<String, String> environment) throws IOException {
        if (arguments.has("help")) {
            out.print(USAGE);
            return 0;
        }
        if (arguments.has("version")) {
            out.println("ceph version 16.2.15 (Sepiola 0.1.0) pacific (stable)");
            return 0;
        }
        List<String> words = arguments.words();
        if (words.isEmpty()) {
            err.println("rados: you must give an action. Try --help");
            return 1;
        }
        if (!isKnown(words)) {
            err.println("unrecognized command " + words.getFirst() + "; -h or --help for usage");
            return 1;
        }
        if (needsPool(words.getFirst()) && arguments.value("pool").isEmpty()) {
            err.println("pool name was not specified; give it with -p");
            return 1;
        }
        CephConf conf = arguments.common().configuration(environment);
        long seconds = arguments.size("connect-timeout", RadosOptions.TIMEOUT.toSeconds());
        RadosOptions options = RadosOptions.of(conf).withTimeout(Duration.ofSeconds(seconds));
        try (Rados rados = Rados.connect(options, Keyring.find(conf))) {
            return run(rados, words);
        }
    }

    /** Whether the command exists and has enough words; a usage error needs no cluster. */
    private boolean isKnown(List<String> words) {
        int count = RadosObjects.argumentCount(words.getFirst());
        int pools =
                switch (words.getFirst()) {
                    case "lspools", "df", "ls", "cleanup" -> 0;
                    case "mkpool", "rmpool", "purge" -> 1;
                    case "bench" -> 2;
                    default -> -1;
                };
        int needed = Math.max(count, pools);
        if (needed < 0) {
            return false;
        }
        if (words.size() - 1 < needed) {
            throw new Malformed(
                    "'" + words.getFirst() + "' needs " + needed + " argument(s); see --help");
        }
        return true;
    }

    private static boolean needsPool(String command) {
        return switch (command) {
            case "lspools", "df", "mkpool", "rmpool", "purge" -> false;
            default -> true;
        };
    }

    private int run(Rados rados, List<String> words) throws IOException {
        RadosPools pools = new RadosPools(rados, arguments, out, err);
        switch (words.getFirst()) {
            case "lspools" -> {
                return pools.list();
            }
            case "mkpool" -> {
                return pools.make(words.get(1));
            }
            case "rmpool" -> {
                return pools.remove(words);
            }
            case "purge" -> {
                return pools.purge(words.get(1));
            }
            case "df" -> {
                return pools.usage();
            }
            default -> {}
        }
        IoContext context = context(rados);
        return switch (words.getFirst()) {
            case "ls" -> pools.objects(context);
            case "bench" ->
                    new RadosBench(context, arguments, out, err).run(words.get(1), words.get(2));
            case "cleanup" -> new RadosBench(context, arguments, out, err).cleanup();
            default -> new RadosObjects(rados, context, arguments, out, err, in).run(words);
        };
    }

    private IoContext context(Rados rados) {
        String pool = arguments.value("pool").orElse("");
        IoContext context;
        try {
            context = Await.on(rados.open(pool));
        } catch (RadosException missing) {
            if (missing.errno() != Errno.ENOENT || !arguments.has("create")) {
                throw new RadosException(
                        missing.errno(),
                        "error opening pool " + pool + ": " + sentence(missing.errno()));
            }
            Await.on(rados.createPool(pool));
            context = Await.on(rados.open(pool));
        }
        context = context.withNamespace(arguments.value("namespace").orElse(""));
        return context.withLocator(arguments.value("object-locator").orElse(""));
    }

    /** {@code (2) No such file or directory}. */
    static String sentence(int errno) {
        return "(" + errno + ") " + Errno.sentence(errno);
    }
}
