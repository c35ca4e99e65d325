"""Tries every kind of request with many caps: cap-cells.py CONF ANSWERS

Each line of ANSWERS is one cell: the caps, what was asked, and the result, 0 or a negative errno.
"""
import json
import sys

import rados

TIMED_OUT = -110
OPTIONS = {'rados_mon_op_timeout': '1', 'rados_osd_op_timeout': '1', 'client_mount_timeout': '4'}
KEY = 'AQBbLFRfAAAAABAAMDEyMzQ1Njc4OWFiY2RlZg=='  # one key for all of these clients

# monitor, manager and OSD caps
CAPS = [
    ('allow *', 'allow *', 'allow *'),
    ('allow r', 'allow r', 'allow r'),
    ('allow rw', 'allow rw', 'allow rw'),
    ('allow rwx', 'allow rwx', 'allow rwx'),
    ('allow rx', 'allow x', 'allow w'),
    ('allow service osd rw, allow service mon r', 'allow service pg r', 'allow rw pool=p'),
    ('allow r, allow service auth rwx', 'allow service osd rw', 'allow r pool=p, allow rw pool=q'),
    ('allow r, allow service config-key rw', 'allow command "pg dump"', 'allow rw namespace=n'),
    ('allow r, allow command "osd pool create" with pool=made1 pg_num=1',
     'allow command "pg ls" with states=active', 'allow rw namespace=n*'),
    ('allow r, allow command "osd pool create" with pool prefix made',
     'allow module balancer r', 'allow rw object_prefix obj'),
    ('allow r, allow command "osd pool create" with pool regex "made[0-9]+"',
     'allow module balancer rw, allow service pg rw', 'allow rw tag app k=v'),
    ('allow r, allow command "config-key get" with key prefix "a/"',
     'allow r network 127.0.0.0/8', 'allow rw tag app *=v2, allow r tag app k=*'),
    ('allow r network 127.0.0.0/8', 'allow * network 10.0.0.0/8', 'allow rw network 127.0.0.1/32'),
    ('allow r, allow * network 10.0.0.0/8', 'allow r network ::1/128',
     'allow * network 10.0.0.0/8'),
    ('profile osd', 'profile osd', 'profile osd'),
    ('profile mgr', 'profile crash', 'allow class-read'),
    ('profile mds', 'profile mds', 'allow x'),
    ('profile mon', 'allow w', 'allow r, allow class lock'),
    ('profile rbd', 'profile rbd', 'profile rbd pool=p'),
    ('profile rbd-mirror', 'profile rbd pool=p', 'profile rbd pool=p namespace=n'),
    ('profile rbd-read-only', 'profile rbd-read-only', 'profile rbd-read-only'),
    ('profile simple-rados-client', 'profile read-only', 'profile read-only pool=p'),
    ('profile simple-rados-client-with-blocklist', 'profile read-write', 'profile read-write'),
    ('profile read-only', 'allow service=pg *', 'allow pool q object_prefix obj r'),
    ('profile read-write', 'allow all', 'allow all pool=q'),
    ('profile role-definer', 'allow rw, allow x', 'allow rwx namespace=""'),
    ('profile crash', 'allow r; allow w', 'allow rw class-read class-write'),
    ('profile fs-client', '', 'allow r class-read, allow w'),
    ('profile bootstrap-osd', '', ''),
    ('profile bootstrap-mds', '', ''),
    ('profile bootstrap-mgr', '', ''),
    ('profile bootstrap-rgw', '', ''),
    ('profile bootstrap-rbd', '', ''),
    ('profile bootstrap-rbd-mirror', '', ''),
    ('profile nonsense', '', 'profile nonsense'),
    ('allow service mon r', 'allow *', 'allow *'),
    ('allow service osd r', 'allow *', 'allow *'),
    ('allow r fsname=a', 'allow r', 'allow r'),
    ('allow w', 'allow *', 'allow *'),
]

MON = [
    ('status', {}), ('health', {}), ('df', {}), ('fsid', {}), ('quorum_status', {}), ('report', {}),
    ('version', {}), ('versions', {}), ('features', {}), ('node ls', {}), ('time-sync-status', {}),
    ('nonsense', {}), ('get_command_descriptions', {}),
    ('mon dump', {}), ('mon stat', {}), ('mon getmap', {}), ('mon metadata', {}),
    ('osd dump', {}), ('osd tree', {}), ('osd ls', {}), ('osd getmap', {}), ('osd stat', {}),
    ('osd lspools', {}), ('osd pool ls', {}), ('osd blocklist ls', {}), ('osd crush rule ls', {}),
    ('osd crush dump', {}), ('osd map', {'pool': 'p', 'object': 'o'}), ('osd find', {'id': 0}),
    ('osd metadata', {}), ('osd pool get', {'pool': 'p', 'var': 'size'}),
    ('osd getmaxosd', {}), ('osd getcrushmap', {}), ('osd utilization', {}),
    ('osd pool create', {'pool': 'made1', 'pg_num': 1}), ('osd pool create', {'pool': 'made2'}),
    ('osd pool create', {'pool': 'madex'}), ('osd pool create', {'pool': 'other'}),
    ('osd pool create', {}), ('osd pool set', {'pool': 'p', 'var': 'nodelete', 'val': 'false'}),
    ('osd pool rename', {'srcpool': 'none', 'destpool': 'none2'}),
    ('osd pool rm', {'pool': 'none'}), ('osd pool application enable', {'pool': 'q', 'app': 'app'}),
    ('osd pool application get', {'pool': 'q'}),
    ('osd pool get-quota', {'pool': 'q'}), ('osd pool set-quota',
                                            {'pool': 'q', 'field': 'max_objects', 'val': '0'}),
    ('osd in', {'ids': ['0']}), ('osd out', {'ids': ['77']}), ('osd down', {'ids': ['77']}),
    ('osd set', {'key': 'noin'}), ('osd unset', {'key': 'noin'}),
    ('osd rm', {'ids': ['77']}), ('osd reweight', {'id': 0, 'weight': 1.0}),
    ('osd setcrushmap', {}), ('osd crush rule rm', {'name': 'none'}),
    ('osd crush tunables', {'profile': 'default'}),
    ('osd new', {'uuid': '0b7e3a4e-1111-4222-8333-944455556666', 'id': 0}),
    ('osd purge-new', {'id': 77, 'yes_i_really_mean_it': True}),
    ('osd blocklist', {'blocklistop': 'add', 'addr': '10.9.9.9:0/5'}),
    ('osd blocklist', {'blocklistop': 'add', 'addr': '10.9.9.9'}),
    ('osd blocklist', {'blocklistop': 'rm', 'addr': '10.9.9.9:0/5'}),
    ('pg map', {'pgid': '%(pg)s'}),
    ('auth ls', {}), ('auth get', {'entity': 'client.victim'}),
    ('auth get', {'entity': 'client.admin'}), ('auth get-key', {'entity': 'client.victim'}),
    ('auth print-key', {'entity': 'client.victim'}), ('auth print_key', {'entity': 'client.victim'}),
    ('auth export', {'entity': 'client.victim'}), ('auth export', {}),
    ('auth add', {'entity': 'client.victim', 'caps': ['mon', 'allow r']}),
    ('auth get-or-create', {'entity': 'client.victim'}),
    ('auth get-or-create-key', {'entity': 'client.victim'}),
    ('auth get-or-create', {'entity': 'mds.made', 'caps': [
        'mon', 'allow profile mds', 'osd', 'allow rwx', 'mds', 'allow']}),
    ('auth get-or-create', {'entity': 'mds.made', 'caps': ['mon', 'allow *']}),
    ('auth get-or-create', {'entity': 'mgr.made', 'caps': ['mon', 'allow profile mgr']}),
    ('auth get-or-create', {'entity': 'client.rgw.made', 'caps': [
        'mon', 'allow rw', 'osd', 'allow rwx']}),
    ('auth get-or-create', {'entity': 'client.rbd.made', 'caps': [
        'mon', 'profile rbd', 'osd', 'profile rbd pool=p']}),
    ('auth get-or-create', {'entity': 'client.rbd.made2', 'caps': [
        'mon', 'profile rbd-mirror', 'osd', 'profile rbd pool=p, profile rbd-read-only']}),
    ('auth get-or-create', {'entity': 'client.rbd.made3', 'caps': [
        'mon', 'profile rbd', 'osd', 'allow *']}),
    ('auth caps', {'entity': 'client.victim', 'caps': ['mon', 'allow r']}),
    ('auth caps', {'entity': 'client.victim', 'caps': ['mon', 'bogus']}),
    ('auth import', {}), ('auth rm', {'entity': 'client.none'}), ('auth del', {'entity': 'client.none'}),
    ('config dump', {}), ('config get', {'who': 'osd.0'}), ('config ls', {}),
    ('config set', {'who': 'client.none', 'name': 'debug_ms', 'value': '0'}),
    ('config rm', {'who': 'client.none', 'name': 'debug_ms'}),
    ('config generate-minimal-conf', {}),
    ('config-key get', {'key': 'a/b'}), ('config-key get', {'key': 'b/c'}),
    ('config-key get', {'key': 'rbd/mirror/x'}),
    ('config-key exists', {'key': 'a/b'}), ('config-key ls', {}), ('config-key dump', {}),
    ('config-key set', {'key': 'a/d', 'val': 'v'}), ('config-key rm', {'key': 'a/none'}),
    ('config-key set', {'key': 'daemon-private/%(me)s/x', 'val': 'v'}),
    ('config-key get', {'key': 'daemon-private/%(me)s/x'}),
    ('config-key get', {'key': 'daemon-private/osd.0/x'}),
    ('log', {'logtext': ['a line']}), ('log last', {'num': 1}),
    ('mgr dump', {}), ('mgr stat', {}), ('mgr metadata', {}), ('mgr module ls', {}),
    ('mgr services', {}), ('mgr versions', {}), ('mgr fail', {'who': 'nobody'}),
    ('fs dump', {}), ('fs ls', {}), ('mds stat', {}),
]

MGR = [
    ('pg stat', {}), ('pg dump', {}), ('pg ls', {'states': ['active']}), ('pg ls', {}),
    ('pg dump_stuck', {}), ('osd df', {}), ('osd perf', {}), ('osd pool stats', {}),
    ('osd ok-to-stop', {'ids': ['0']}), ('osd safe-to-destroy', {'ids': ['0']}),
    ('pg scrub', {'pgid': '9999.0'}), ('pg repair', {'pgid': '9999.0'}), ('osd scrub', {'who': '77'}),
    ('balancer status', {}), ('progress', {}), ('config show', {'who': 'mgr.nobody'}),
    ('nonsense', {}), ('get_command_descriptions', {}),
]


def code(call):
    """0, or what the call failed with."""
    try:
        result = call()
        return -abs(result[0]) if isinstance(result, tuple) and isinstance(result[0], int) else 0
    except rados.Error as failed:
        number = failed.errno if failed.errno is not None else 0
        return -abs(number)


def asked(prefix, arguments, me, pg=''):
    command = {'prefix': prefix}
    command.update({k: v % {'me': me, 'pg': pg} if isinstance(v, str) and '%(' in v else v
                    for k, v in arguments.items()})
    return json.dumps(command)


def label(prefix, arguments):
    return ' '.join([prefix] + ['%s=%s' % item for item in arguments.items()])


def object_ops(ioctx):
    """Operations on objects, each by its name."""
    def with_write(fill, name='obj1'):
        def run():
            with rados.WriteOpCtx() as op:
                fill(op)
                ioctx.operate_write_op(op, name)
        return run

    def with_read(fill, name='obj1'):
        def run():
            with rados.ReadOpCtx() as op:
                kept, _ = fill(op)  # the answer goes there
                ioctx.operate_read_op(op, name)
                list(kept)
        return run

    def keyed(call):
        def run():
            ioctx.set_locator_key('obj')
            try:
                return call()
            finally:
                ioctx.set_locator_key('')
        return run

    def listed():
        for _ in ioctx.list_objects():
            break

    return [
        ('read', lambda: ioctx.read('obj1') and 0), ('read o', lambda: ioctx.read('o') and 0),
        ('read missing', lambda: ioctx.read('obj-missing') and 0),
        ('stat', lambda: ioctx.stat('obj1') and 0),
        ('write', lambda: ioctx.write('obj1', b'x') and 0),
        ('write o', lambda: ioctx.write('o', b'x') and 0),
        ('write_full', lambda: ioctx.write_full('obj1', b'x') and 0),
        ('append', lambda: ioctx.append('obj1', b'x') and 0),
        ('trunc', lambda: ioctx.trunc('obj1', 1) and 0),
        ('remove missing', lambda: ioctx.remove_object('obj-missing') and 0),
        ('get_xattr', lambda: ioctx.get_xattr('obj1', 'a') and 0),
        ('get_xattrs', lambda: list(ioctx.get_xattrs('obj1')) and 0),
        ('set_xattr', lambda: ioctx.set_xattr('obj1', 'b', b'v') and 0),
        ('rm_xattr', lambda: ioctx.rm_xattr('obj1', 'b') and 0),
        ('omap get', with_read(lambda op: ioctx.get_omap_vals(op, '', '', 10))),
        ('omap get by keys', with_read(lambda op: ioctx.get_omap_vals_by_keys(op, ('k',)))),
        ('omap set', with_write(lambda op: ioctx.set_omap(op, ('k',), (b'v',)))),
        ('omap rm', with_write(lambda op: ioctx.remove_omap_keys(op, ('none',)))),
        ('omap clear', with_write(lambda op: ioctx.clear_omap(op), 'o')),
        ('omap cmp and write', with_write(lambda op: (op.omap_cmp('k', 'v'), op.write(b'x')))
         if hasattr(rados.WriteOp, 'omap_cmp') else lambda: 0),
        ('cmpext', lambda: compared(ioctx)),
        ('create', with_write(lambda op: op.new(0))),
        ('create exclusive', with_write(lambda op: op.new(rados.LIBRADOS_CREATE_EXCLUSIVE))),
        ('writesame', lambda: ioctx.writesame('obj1', b'x', 4) and 0),
        ('version and write', with_write(lambda op: (op.set_xattr('c', b'v'), op.write(b'x')))),
        ('list', listed),
        ('keyed read', keyed(lambda: ioctx.read('o') and 0)),
        ('keyed write', keyed(lambda: ioctx.write('o', b'x') and 0)),
    ]


def class_ops(ioctx):
    return [
        ('exec version.read', lambda: ioctx.execute('obj1', 'version', 'read', b'') and 0),
        ('exec hello.say_hello', lambda: ioctx.execute('obj1', 'hello', 'say_hello', b'') and 0),
        ('exec none.none', lambda: ioctx.execute('obj1', 'none', 'none', b'') and 0),
        ('lock', lambda: ioctx.lock_exclusive('obj1', 'l', 'c')),
        ('unlock', lambda: ioctx.unlock('obj1', 'l', 'c')),
        ('notify', lambda: ioctx.notify('obj1', 'm', 1000) and 0),
        ('watch', lambda: watched(ioctx)),
    ]


def compared(ioctx):
    try:
        return ioctx.cmpext('obj1', b'x', 0) and 0
    except AssertionError:  # not equal
        return 0


def watched(ioctx):
    with ioctx.watch('obj1', lambda *a: None):
        return 0


class Table:
    def __init__(self, conf, out):
        self.conf = conf
        self.out = out
        self.admin = rados.Rados(conffile=conf, conf=OPTIONS)
        self.admin.connect()

    @property
    def pg(self):
        return '%d.0' % self.admin.pool_lookup('p')

    @property
    def manager(self):
        return json.loads(self.admin.mon_command(asked('mgr stat', {}, ''), b'')[1])['active_name']

    def must(self, prefix, **arguments):
        result, _, said = self.admin.mon_command(asked(prefix, arguments, ''), b'')
        assert result == 0, (prefix, arguments, result, said)

    def prepare(self):
        # Groups are made first: only what is asked afterwards is to be answered at once.
        self.admin.conf_set('rados_osd_op_timeout', '60')
        for pool in ('p', 'q'):
            self.must('osd pool create', pool=pool, pg_num=4)
            self.must('osd pool application enable', pool=pool, app='app')
        self.must('osd pool application set', pool='p', app='app', key='k', value='v')
        self.must('osd pool application set', pool='q', app='app', key='k2', value='v2')
        self.must('auth get-or-create', entity='client.victim', caps=['mon', 'allow r'])
        for key in ('a/b', 'b/c', 'rbd/mirror/x', 'daemon-private/osd.0/x'):
            self.must('config-key set', key=key, val='secret')
        for pool in ('p', 'q'):
            with self.admin.open_ioctx(pool) as ioctx:
                for namespace in ('', 'n', 'n2', 'm'):
                    ioctx.set_namespace(namespace)
                    self.fill(ioctx)
        self.admin.conf_set('rados_osd_op_timeout', OPTIONS['rados_osd_op_timeout'])

    @staticmethod
    def fill(ioctx):
        for name in ('o', 'obj1'):
            ioctx.write_full(name, b'data')
            ioctx.set_xattr(name, 'a', b'v')
            with rados.WriteOpCtx() as op:
                ioctx.set_omap(op, ('k',), (b'v',))
                ioctx.operate_write_op(op, name)

    def cell(self, row, name, call):
        result = code(call)
        self.out.write(json.dumps({'caps': CAPS[row], 'asked': name, 'result': result}) + '\n')
        return result

    def row(self, row):
        me = 'client.row%d' % row
        caps = []
        for kind, text in zip(('mon', 'mgr', 'osd'), CAPS[row]):
            caps += [kind, text] if text else []
        keyring = '[%s]\n\tkey = %s\n' % (me, KEY)
        result, _, said = self.admin.mon_command(
            asked('auth add', {'entity': me, 'caps': caps}, me), keyring.encode())
        assert result == 0, (caps, said)
        client = rados.Rados(conffile=self.conf, name=me, conf=dict(OPTIONS, key=KEY))
        if self.cell(row, 'connect', client.connect) == 0:
            self.commands(row, client, me)
            if self.cell(row, 'OSD map', lambda: client.open_ioctx('p').close()) == 0:
                self.pools(row, client, me)
                self.objects(row, client)
            client.shutdown()

    def commands(self, row, client, me):
        for prefix, arguments in MON:
            self.cell(row, 'mon: ' + label(prefix, arguments),
                      lambda: client.mon_command(asked(prefix, arguments, me, self.pg), b''))
        self.cell(row, 'tell mon', lambda: client.mon_command(
            asked('version', {}, me), b'', 0, 'a'))
        self.cell(row, 'tell mgr', lambda: client.mgr_command(
            asked('version', {}, me), b'', 0, self.manager))
        for prefix, arguments in MGR:
            if self.cell(row, 'mgr: ' + label(prefix, arguments), lambda: client.mgr_command(
                    asked(prefix, arguments, me), b'')) == TIMED_OUT:
                break

    def pools(self, row, client, me):
        """Makes and removes a pool, not by commands, and talks to daemons by the map."""
        name = 'of-row%d' % row
        self.cell(row, 'pool create', lambda: client.create_pool(name))
        self.must('osd pool create', pool=name + 'x', pg_num=1)
        client.wait_for_latest_osdmap()
        self.cell(row, 'pool delete', lambda: client.delete_pool(name + 'x'))
        self.cell(row, 'tell osd', lambda: client.osd_command(0, asked('version', {}, me), b''))
        self.cell(row, 'tell pg', lambda: client.pg_command(
            self.pg, asked('query', {'pgid': self.pg}, me), b''))

    def objects(self, row, client):
        for pool in ('p', 'q'):
            with client.open_ioctx(pool) as ioctx:
                for namespace in ('', 'n', 'n2', 'm'):
                    ioctx.set_namespace(namespace)
                    for name, call in object_ops(ioctx):
                        self.cell(row, 'osd %s/%s %s' % (pool, namespace, name), call)
                ioctx.set_namespace('')
                for name, call in class_ops(ioctx):
                    self.cell(row, 'osd %s/ %s' % (pool, name), call)


def main():
    with open(sys.argv[2], 'w', buffering=1) as out:
        table = Table(sys.argv[1], out)
        table.prepare()
        rows = range(len(CAPS)) if len(sys.argv) < 4 else map(int, sys.argv[3].split(','))
        for row in rows:
            table.row(row)
        table.admin.shutdown()


main()
