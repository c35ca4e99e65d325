package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.client.IoContext;
import io.sepiola.client.IoContext.Cursor;
import io.sepiola.client.IoContext.ObjectPage;
import io.sepiola.client.IoContext.ReadResults;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The Java client against a genuine Ceph of three OSDs, with what only Ceph has so far. */
final class GenuineCephTest extends JavaClientContract {
    private GenuineCluster cluster;

    @Override
    Path startCluster(Path directory) {
        cluster = GenuineCluster.start(directory, 24_500);
        return cluster.conf();
    }

    @Override
    void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void objectsAreListedOnceEachOverASplit() {
        IoContext space = pool.withNamespace("many");
        TreeSet<String> expected = writeThousand(space);
        List<String> listed = new ArrayList<>();
        Cursor cursor = null;
        int pages = 0;
        do {
            ObjectPage page = Await.on(space.list(cursor, 64));
            page.objects().forEach(object -> listed.add(object.name()));
            cursor = page.nextOrNull();
            if (++pages == 5) {
                command(
                        "{\"prefix\":\"osd pool"
                                + " set\",\"pool\":\"java\",\"var\":\"pg_num\",\"val\":\"64\"}");
            }
        } while (cursor != null);
        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void classMethodsAndCopies() {
        Await.on(pool.writeFull("from", Bytes.utf8("copied")));
        Await.on(pool.write().copyFrom(pool, "from", 0).submit("to"));
        assertThat(Await.on(pool.read("to", 0, 100))).isEqualTo(Bytes.utf8("copied"));
        ReadResults hello =
                Await.on(pool.read().call("hello", "say_hello", Bytes.utf8("Java")).submit("to"));
        assertThat(hello.data(0).toUtf8()).isEqualTo("Hello, Java!");
        fails(95, pool.write().call("hello", "no_such_method", Bytes.EMPTY));
    }
}
