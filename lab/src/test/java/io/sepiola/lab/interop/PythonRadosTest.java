package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** Debian's python3-rados, that is librados, against a cluster of one process. */
@Tag("interop")
class PythonRadosTest {
    @TempDir Path home;

    @Test
    void connectWriteReadXattrsOmapAioListRemove() {
        Program.need("ceph", "/usr/bin/python3");
        String python =
                """
                import rados, sys
                cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect()
                cluster.create_pool('py'); assert cluster.pool_exists('py')
                io = cluster.open_ioctx('py')
                io.write_full('a', b'first'); assert io.read('a') == b'first'
                io.write('a', b'FI', 0); assert io.read('a') == b'FIrst'
                io.append('a', b'!'); assert io.stat('a')[0] == 6
                io.trunc('a', 2); assert io.read('a') == b'FI'
                io.set_xattr('a', 'k', b'v'); assert io.get_xattr('a', 'k') == b'v'
                assert [x for x in io.get_xattrs('a')] == [('k', b'v')]
                io.rm_xattr('a', 'k'); assert [x for x in io.get_xattrs('a')] == []
                with rados.WriteOpCtx() as op:
                    io.set_omap(op, ('x', 'y', 'z'), (b'1', b'2', b'3')); io.operate_write_op(op, 'a')
                with rados.ReadOpCtx() as op:
                    it, ret = io.get_omap_vals(op, '', '', 10); io.operate_read_op(op, 'a')
                    assert dict(it) == {'x': b'1', 'y': b'2', 'z': b'3'}, dict(it)
                with rados.WriteOpCtx() as op:
                    io.remove_omap_keys(op, ('y',)); io.operate_write_op(op, 'a')
                with rados.ReadOpCtx() as op:
                    it, ret = io.get_omap_keys(op, '', 10); io.operate_read_op(op, 'a')
                    assert [k for k, _ in it] == ['x', 'z']
                try:
                    io.read('absent'); assert False
                except rados.ObjectNotFound: pass
                done = [io.aio_write_full('o%d' % i, b'%d' % i) for i in range(200)]
                for c in done: c.wait_for_complete_and_cb(); assert c.get_return_value() == 0
                seen = []
                reads = [io.aio_read('o%d' % i, 10, 0, lambda c, data, i=i: seen.append((i, data))) for i in range(200)]
                for c in reads: c.wait_for_complete_and_cb()
                assert sorted(seen) == [(i, b'%d' % i) for i in range(200)]
                io.set_namespace('other'); io.write_full('a', b'elsewhere'); io.set_namespace('')
                assert io.read('a') == b'FI'
                assert sorted(o.key for o in io.list_objects()) == sorted(['a'] + ['o%d' % i for i in range(200)])
                for o in list(io.list_objects()): o.remove()
                assert list(io.list_objects()) == []
                io.close(); cluster.delete_pool('py'); assert not cluster.pool_exists('py')
                cluster.shutdown(); print('all of it')
                """;
        try (LocalCluster cluster = LocalCluster.start(home, "python")) {
            String out =
                    Program.of("/usr/bin/python3", "-c", python, cluster.conf())
                            .within(Duration.ofMinutes(2))
                            .run()
                            .ok();
            assertThat(out).isEqualTo("all of it\n");
        }
    }
}
