package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.osd.PerfCounterType;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counters of a daemon.
 *
 * <p>MMgrReport := daemon:string, list of PerfCounterType, packed:blob, undeclared:list of string,
 * service:string, optional map of string to string, list of DaemonHealthMetric, config:blob, more
 * as it comes.
 *
 * @param daemon id
 * @param declared counters from now on
 * @param packed values of all counters declared
 * @param undeclared counters that are gone
 * @param more measurements and states of tasks
 */
public record MMgrReport(
        String daemon,
        List<PerfCounterType> declared,
        Bytes packed,
        List<String> undeclared,
        String service,
        Optional<Map<String, String>> status,
        List<DaemonHealthMetric> healthMetrics,
        Bytes config,
        Bytes more)
        implements Message {
    static final MessageCodec<MMgrReport> CODEC =
            MessageCodec.of(
                    1794,
                    9,
                    1,
                    MMgrReport.class,
                    (m, out) -> {
                        out.string(m.daemon);
                        out.list(m.declared, PerfCounterType.CODEC);
                        out.blob(m.packed);
                        out.list(m.undeclared, Primitives.STRING);
                        out.string(m.service);
                        Primitives.optional(Primitives.mapOf(Primitives.STRING, Primitives.STRING))
                                .encode(m.status, out);
                        out.list(m.healthMetrics, DaemonHealthMetric.CODEC);
                        out.blob(m.config);
                        out.raw(m.more);
                    },
                    (in, head) ->
                            new MMgrReport(
                                    in.string(),
                                    in.list(PerfCounterType.CODEC),
                                    in.blob(),
                                    in.list(Primitives.STRING),
                                    in.string(),
                                    Primitives.optional(
                                                    Primitives.mapOf(
                                                            Primitives.STRING, Primitives.STRING))
                                            .decode(in),
                                    in.list(DaemonHealthMetric.CODEC),
                                    in.blob(),
                                    in.rest()));
}
