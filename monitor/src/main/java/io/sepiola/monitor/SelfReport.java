package io.sepiola.monitor;

import io.sepiola.messenger.CephxMonitorAuth;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.perf.PerfCounters;

/**
 * What a monitor tells the manager of itself at one moment.
 *
 * @param self its rank
 * @param managers which of them is to be told
 * @param auth makes the ticket by which it proves to be a monitor
 * @param options what it runs with
 * @param counters what it counts
 * @param slow how many requests it is slow with
 */
record SelfReport(
        EntityName self,
        MgrMap managers,
        CephxMonitorAuth auth,
        RunningOptions options,
        PerfCounters counters,
        DaemonHealthMetric slow) {}
