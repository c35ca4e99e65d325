package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.osd.HealthChecks;
import io.sepiola.protocol.osd.ProgressEvent;

import java.util.Map;

/**
 * The manager's sums and health checks for the monitors.
 *
 * <p>MMonMgrReport := PaxosPrefix S(1/1){map of name:string to HealthCheck}, serviceMap:blob
 * gid:u64, progress:map of string to ProgressEvent; data PgMapDigest.
 *
 * @param serviceMap empty: as before
 * @param digest {@link io.sepiola.protocol.osd.PgMapDigest}
 */
public record MMonMgrReport(
        long version,
        HealthChecks checks,
        Bytes serviceMap,
        long gid,
        Map<String, ProgressEvent> progress,
        Bytes digest)
        implements Message {
    static final MessageCodec<MMonMgrReport> CODEC =
            MessageCodec.of(
                    1798,
                    3,
                    1,
                    MMonMgrReport.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        HealthChecks.CODEC.encode(m.checks, out);
                        out.blob(m.serviceMap);
                        out.u64(m.gid);
                        out.map(m.progress, Primitives.STRING, ProgressEvent.CODEC);
                    },
                    m -> m.digest,
                    (in, head) ->
                            new MMonMgrReport(
                                    PaxosPrefix.decode(in),
                                    HealthChecks.CODEC.decode(in),
                                    in.blob(),
                                    in.u64(),
                                    in.map(Primitives.STRING, ProgressEvent.CODEC),
                                    head.data()));
}
