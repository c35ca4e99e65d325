package io.sepiola.cluster.cli;

import io.sepiola.base.Await;
import io.sepiola.client.Errno;
import io.sepiola.client.IoContext;
import io.sepiola.client.IoContext.Cursor;
import io.sepiola.client.IoContext.ListedObject;
import io.sepiola.client.IoContext.ObjectPage;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The commands of {@code sepiola rados} about pools. */
final class RadosPools {
    private static final int PAGE = 1024;
    private static final String ALL_NAMESPACES = "\001"; // by this name OSDs know it

    private final Rados rados;
    private final RadosArguments arguments;
    private final PrintStream out;
    private final PrintStream err;

    RadosPools(Rados rados, RadosArguments arguments, PrintStream out, PrintStream err) {
        this.rados = rados;
        this.arguments = arguments;
        this.out = out;
        this.err = err;
    }

    int list() {
        Await.on(rados.pools()).forEach(out::println);
        return 0;
    }

    int make(String pool) {
        try {
            Await.on(rados.createPool(pool));
            out.println("successfully created pool " + pool);
            return 0;
        } catch (RadosException failed) {
            err.println("error creating pool " + pool + ": " + RadosVerb.sentence(failed.errno()));
            return 1;
        }
    }

    int remove(List<String> words) {
        String pool = words.get(1);
        boolean sure =
                words.size() > 2
                        && words.get(2).equals(pool)
                        && arguments.has("yes-i-really-really-mean-it");
        if (!sure) {
            err.println("WARNING:");
            err.println(
                    "  This will PERMANENTLY DESTROY an entire pool of objects with no way back.");
            err.println("  To confirm, pass the pool to remove twice, followed by");
            err.println("  --yes-i-really-really-mean-it");
            return 1;
        }
        try {
            Await.on(rados.deletePool(pool));
            out.println("successfully deleted pool " + pool);
            return 0;
        } catch (RadosException failed) {
            err.println(
                    "error deleting pool "
                            + pool
                            + ": "
                            + RadosVerb.sentence(failed.errno())
                            + (failed.errno() == Errno.EPERM
                                    ? "; deletion needs mon_allow_pool_delete on the monitors"
                                    : ""));
            return 1;
        }
    }

    int objects(IoContext context) {
        boolean all = arguments.has("all") && !arguments.has("default");
        IoContext from = all ? context.withNamespace(ALL_NAMESPACES) : context;
        forEach(
                from,
                object -> {
                    String namespace = all ? object.namespace() + "\t" : "";
                    String locator = object.locator().isEmpty() ? "" : "\t" + object.locator();
                    out.println(namespace + object.name() + locator);
                });
        return 0;
    }

    private static void forEach(IoContext context, Consumer<ListedObject> action) {
        Cursor cursor = null;
        do {
            ObjectPage page = Await.on(context.list(cursor, PAGE));
            page.objects().forEach(action);
            cursor = page.nextOrNull();
        } while (cursor != null);
    }

    int purge(String pool) {
        if (!arguments.has("yes-i-really-really-mean-it")) {
            err.println("WARNING:");
            err.println(
                    "  This will PERMANENTLY DESTROY all objects from a pool with no way back.");
            err.println("  To confirm, follow pool with --yes-i-really-really-mean-it");
            return 1;
        }
        IoContext context = Await.on(rados.open(pool)).failingWhenFull();
        List<ListedObject> objects = new ArrayList<>();
        err.println("Warning: using slow linear search");
        forEach(context.withNamespace(ALL_NAMESPACES), objects::add);
        List<CompletableFuture<?>> removals = new ArrayList<>();
        for (ListedObject object : objects) {
            removals.add(
                    context.withNamespace(object.namespace())
                            .withLocator(object.locator())
                            .remove(object.name()));
        }
        removals.forEach(Await::on);
        out.println("Removed " + objects.size() + " objects");
        out.println("successfully purged pool " + pool);
        return 0;
    }

    /** Per pool from the manager, which counts what OSDs report; in total from the monitors. */
    int usage() {
        Rados.ClusterUsage usage = Await.on(rados.usage());
        TextTable table =
                new TextTable(
                        "POOL_NAME",
                        "USED",
                        "OBJECTS",
                        "CLONES",
                        "COPIES",
                        "MISSING_ON_PRIMARY",
                        "UNFOUND",
                        "DEGRADED",
                        "RD_OPS",
                        "RD",
                        "WR_OPS",
                        "WR",
                        "USED COMPR",
                        "UNDER COMPR");
        Map<String, Rados.PoolUsage> pools =
                Await.on(rados.poolUsage(arguments.value("pool").map(List::of).orElse(List.of())));
        pools.forEach((name, pool) ->
                table.row(
                        name,
                        Shown.bytes(pool.usedBytes()),
                        pool.objects(),
                        pool.clones(),
                        pool.copies(),
                        pool.missingOnPrimary(),
                        pool.unfound(),
                        pool.degraded(),
                        pool.reads(),
                        Shown.bytes(pool.readKib() << 10),
                        pool.writes(),
                        Shown.bytes(pool.writtenKib() << 10),
                        Shown.bytes(pool.compressedBytes()),
                        Shown.bytes(pool.compressedFromBytes())));
        out.print(table);
        out.println();
        out.println("total_objects    " + usage.objectCount());
        out.println("total_used       " + Shown.bytes(usage.usedKib() << 10));
        out.println("total_avail      " + Shown.bytes(usage.availableKib() << 10));
        out.println("total_space      " + Shown.bytes(usage.totalKib() << 10));
        return 0;
    }
}
