package io.sepiola.monitor.command;

import java.util.Arrays;
import java.util.List;

/**
 * Commands that clients give to the manager; listed here, since clients ask a monitor for the list.
 */
final class ManagerServed {
    private static final String TABLE =
            """
            pg stat | | pg | r | counts placement groups by state
            pg dump | dumpcontents:CephChoices:opt:N=all|summary|sum|delta|pools|osds|pgs|pgs_brief | pg | r | shows statistics of placement groups
            pg dump_json | dumpcontents:CephChoices:opt:N=all|summary|sum|pools|osds|pgs | pg | r | shows statistics of placement groups as JSON
            pg dump_pools_json | | pg | r | shows statistics of pools as JSON
            pg ls-by-pool | poolstr:CephString states:CephString:opt:N | pg | r | lists the placement groups of a pool
            pg ls-by-primary | osd:CephOsdName pool:CephInt:opt states:CephString:opt:N | pg | r | lists the placement groups led by an OSD
            pg ls-by-osd | osd:CephOsdName pool:CephInt:opt states:CephString:opt:N | pg | r | lists the placement groups on an OSD
            pg ls | pool:CephInt:opt states:CephString:opt:N | pg | r | lists placement groups
            pg dump_stuck | stuckops:CephChoices:opt:N=inactive|unclean|stale|undersized|degraded threshold:CephInt:opt | pg | r | lists placement groups that make no progress
            pg scrub | pgid:CephPgid | pg | rw | compares the copies of a placement group
            pg deep-scrub | pgid:CephPgid | pg | rw | compares the copies of a placement group byte for byte
            pg repair | pgid:CephPgid | pg | rw | repairs the copies of a placement group
            pg force-recovery | pgid:CephPgid:N | pg | rw | recovers placement groups before others
            pg force-backfill | pgid:CephPgid:N | pg | rw | backfills placement groups before others
            pg cancel-force-recovery | pgid:CephPgid:N | pg | rw | recovers placement groups in their turn again
            pg cancel-force-backfill | pgid:CephPgid:N | pg | rw | backfills placement groups in their turn again
            osd pool force-recovery | who:CephPoolname:N | osd | rw | recovers pools' placement groups before others
            osd pool force-backfill | who:CephPoolname:N | osd | rw | backfills pools' placement groups before others
            osd pool cancel-force-recovery | who:CephPoolname:N | osd | rw | recovers pools' placement groups in their turn again
            osd pool cancel-force-backfill | who:CephPoolname:N | osd | rw | backfills pools' placement groups in their turn again
            osd pool scrub | who:CephPoolname:N | osd | rw | compares the copies of pools' placement groups
            osd pool deep-scrub | who:CephPoolname:N | osd | rw | compares the copies of pools' placement groups byte for byte
            osd pool repair | who:CephPoolname:N | osd | rw | repairs the copies of pools' placement groups
            osd status | bucket:CephString:opt | mgr | r | shows what OSDs hold and do
            osd perf | | osd | r | shows how long OSDs take to commit
            osd df | output_method:CephChoices:opt=plain|tree filter_by:CephChoices:opt=class|name filter:CephString:opt | osd | r | shows how full OSDs are
            osd blocked-by | | osd | r | shows which OSDs others wait for
            osd reweight-by-utilization | oload:CephInt:opt max_change:CephFloat:opt max_osds:CephInt:opt no_increasing:CephChoices:opt=--no-increasing | osd | rw | lowers the weights of OSDs that hold too much, by how full they are
            osd reweight-by-pg | oload:CephInt:opt max_change:CephFloat:opt max_osds:CephInt:opt pools:CephPoolname:opt:N | osd | rw | lowers the weights of OSDs that hold too much, by how many placement groups they have
            osd test-reweight-by-utilization | oload:CephInt:opt max_change:CephFloat:opt max_osds:CephInt:opt no_increasing:CephBool:opt | osd | r | shows what reweight-by-utilization would do
            osd test-reweight-by-pg | oload:CephInt:opt max_change:CephFloat:opt max_osds:CephInt:opt pools:CephPoolname:opt:N | osd | r | shows what reweight-by-pg would do
            osd pool stats | pool_name:CephPoolname:opt | osd | r | shows what goes on in pools
            osd scrub | who:CephString | osd | rw | compares the copies of an OSD's placement groups
            osd deep-scrub | who:CephString | osd | rw | compares the copies of an OSD's placement groups byte for byte
            osd repair | who:CephString | osd | rw | repairs the copies of an OSD's placement groups
            osd safe-to-destroy | ids:CephString:N | osd | r | tells whether OSDs can go without loss
            osd ok-to-stop | ids:CephString:N max:CephInt:opt | osd | r | tells whether OSDs can stop without hindering clients
            osd destroy | id:CephOsdName force:CephBool:opt yes_i_really_mean_it:CephBool:opt | osd | rw | gives up an OSD's data and key; its id waits for a new one
            osd purge | id:CephOsdName force:CephBool:opt yes_i_really_mean_it:CephBool:opt | osd | rw | removes an OSD that is down, with its key and its place
            osd pool autoscale-status | format:CephString:opt | mgr | r | shows what the autoscaler thinks of pools
            config show | who:CephString key:CephString:opt | mgr | r | shows the configuration a daemon runs with
            config show-with-defaults | who:CephString | mgr | r | shows the same, with what is at its default
            service dump | | service | r | shows the services beside the daemons
            service status | | service | r | shows the status of services
            balancer status | | mgr | r | shows what the balancer does
            progress | | mgr | r | shows what is going on
            progress json | | mgr | r | shows what is going on, as JSON
            crash ls | | mgr | r | lists crashes
            osd pool get noautoscale | | mgr | w | tells whether the autoscaler is off
            osd pool set noautoscale | | mgr | w | turns the autoscaler off, for all pools
            osd pool unset noautoscale | | mgr | w | turns the autoscaler on, for all pools
            balancer mode | mode:CephChoices=none|crush-compat|upmap | mgr | rw | sets how the balancer works
            balancer on | | mgr | rw | lets the balancer work by itself
            balancer off | | mgr | rw | lets the balancer work by plans only
            balancer pool ls | | mgr | r | lists the pools that are balanced; all when there is none
            balancer pool add | pools:CephString:N | mgr | rw | balances some pools
            balancer pool rm | pools:CephString:N | mgr | rw | balances some pools no more
            balancer eval | option:CephString:opt | mgr | r | scores how even the cluster, a pool or a plan is
            balancer optimize | plan:CephString pools:CephString:opt:N | mgr | rw | makes a plan
            balancer show | plan:CephString | mgr | r | shows a plan
            balancer dump | plan:CephString | mgr | r | shows a plan's commands
            balancer ls | | mgr | r | lists plans
            balancer execute | plan:CephString | mgr | rw | executes a plan
            balancer rm | plan:CephString | mgr | rw | discards a plan
            balancer reset | | mgr | rw | discards all plans
            progress clear | | mgr | rw | forgets what is going on, and what is over
            progress on | | mgr | rw | begins to follow what is going on
            progress off | | mgr | rw | follows it no more
            crash info | id:CephString | mgr | r | shows a crash
            crash ls-new | | mgr | r | lists crashes that nobody has acknowledged
            crash post | | mgr | rw | adds a crash, given as input
            crash prune | keep:CephString | mgr | rw | removes crashes older than so many days
            crash rm | id:CephString | mgr | rw | removes a crash
            crash stat | | mgr | r | counts crashes by age
            crash json_report | hours:CephString | mgr | r | counts crashes by program
            crash archive | id:CephString | mgr | w | acknowledges a crash
            crash archive-all | | mgr | w | acknowledges all crashes
            device ls | | mgr | r | lists devices
            orch status | detail:CephBool:opt | mgr | r | shows the orchestrator
            """;

    private ManagerServed() {}

    static List<Row> rows() {
        return Arrays.stream(TABLE.split("\n"))
                .map(line -> line.split(" \\| |\\| ", -1))
                .map(ManagerServed::row)
                .toList();
    }

    private static Row row(String[] cells) {
        return Row.of(
                cells[0].strip(),
                cells[1].strip(),
                cells[2].strip(),
                cells[3].strip(),
                Row.MGR,
                cells[4].strip(),
                null);
    }
}
