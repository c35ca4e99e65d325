package io.sepiola.cluster.maptool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.dump.DumpedTypes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;

/**
 * {@code sepiola ceph-dencoder}: types read from files, shown and written again. Its arguments are
 * steps, done one after another.
 */
public final class DencoderVerb {
    private static final String USAGE =
            """
            usage: ceph-dencoder [commands ...]

              version             print version string (to stdout)

              import <encfile>    read encoded data from encfile
              export <outfile>    write encoded data to outfile

              skip <num>          skip <num> leading bytes before decoding

              type <classname>    select in-memory type
              list_types          list all the types

              decode              decode into in-memory object
              encode              encode in-memory object

              dump_json           dump in-memory object as json (to stdout)
              hexdump             print encoded data in hex
            """;

    private final PrintStream out;
    private DumpedTypes.@Nullable Type<?> type;
    private DumpedTypes.@Nullable Value<?> value;
    private Bytes encoded = Bytes.EMPTY;
    private int skip = 0;

    private DencoderVerb(PrintStream out) {
        this.out = out;
    }

    /** Runs one command line; the exit code: 0 or 1, as the genuine tool's. */
    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        if (arguments.length == 0) {
            err.println("ceph-dencoder: -h or --help for usage");
            return 1;
        }
        if (arguments[0].equals("-h") || arguments[0].equals("--help")) {
            out.print(USAGE);
            return 0;
        }
        try {
            new DencoderVerb(out).run(arguments);
            return 0;
        } catch (ToolFailure failure) {
            err.print(failure.getMessage());
            return failure.code();
        }
    }

    private void run(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String step = arguments[i];
            switch (step) {
                case "import", "export", "type", "skip" -> {
                    if (++i == arguments.length) {
                        throw new ToolFailure(1, "expecting additional argument\n");
                    }
                    withArgument(step, arguments[i]);
                }
                default -> alone(step);
            }
        }
    }

    private void withArgument(String step, String argument) {
        try {
            switch (step) {
                case "import" -> encoded = ToolFiles.read(argument);
                case "export" -> ToolFiles.write(argument, encoded);
                case "skip" -> skip = number(argument);
                default -> {
                    type = DumpedTypes.all().get(argument);
                    value = null;
                    if (type == null) {
                        throw new ToolFailure(1, "class '" + argument + "' unknown\n");
                    }
                }
            }
        } catch (IOException failure) {
            String doing = step.equals("import") ? "reading " : "writing ";
            throw new ToolFailure(
                    1, "error " + doing + argument + ": " + ToolFiles.reason(failure) + "\n");
        }
    }

    private static int number(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException bad) {
            throw new ToolFailure(1, "'" + text + "' is no number of bytes\n");
        }
    }

    private void alone(String step) {
        switch (step) {
            case "version" -> out.println("16.2.15 (Sepiola 0.1.0)");
            case "list_types" -> DumpedTypes.all().keySet().forEach(out::println);
            case "decode" -> {
                decode();
            }
            case "encode" -> encoded = decoded().encoded();
            case "dump_json" -> dump();
            case "hexdump" -> out.println(encoded.toHex());
            default -> throw new ToolFailure(1, "unknown option '" + step + "'\n");
        }
    }

    private DumpedTypes.Type<?> chosen() {
        DumpedTypes.Type<?> chosen = type;
        if (chosen == null) {
            throw new ToolFailure(1, "must first select type with 'type <name>'\n");
        }
        return chosen;
    }

    private void decode() {
        if (skip > encoded.size()) {
            throw new ToolFailure(
                    1, "error: cannot skip " + skip + " of " + encoded.size() + " bytes\n");
        }
        try {
            value = chosen().decode(encoded.slice(skip));
        } catch (Malformed bad) {
            throw new ToolFailure(1, "error: " + bad.getMessage() + "\n");
        }
    }

    private DumpedTypes.Value<?> decoded() {
        chosen();
        DumpedTypes.Value<?> known = value;
        if (known == null) {
            throw new ToolFailure(1, "nothing is decoded yet; import a file and decode it\n");
        }
        return known;
    }

    private void dump() {
        DumpedTypes.Value<?> known = decoded();
        try {
            out.println(known.json(true));
        } catch (Malformed bad) {
            throw new ToolFailure(1, "error: " + bad.getMessage() + "\n");
        }
    }
}
