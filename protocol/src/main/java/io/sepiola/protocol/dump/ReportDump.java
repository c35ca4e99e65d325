package io.sepiola.protocol.dump;

import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.HealthChecks;
import io.sepiola.protocol.osd.MonCommandSignature;
import io.sepiola.protocol.osd.PerfCounterType;
import io.sepiola.protocol.osd.ProgressEvent;

/** What daemons and manager modules report. */
final class ReportDump {
    private static final String[] SEVERITIES = {"HEALTH_ERR", "HEALTH_WARN", "HEALTH_OK"};

    private ReportDump() {}

    static void metric(DaemonHealthMetric metric, JsonDump out) {
        out.put(
                "type",
                switch (metric.kind()) {
                    case 0 -> "SLOW_OPS";
                    case 1 -> "PENDING_CREATING_PGS";
                    case 2 -> "NONE";
                    default -> "???";
                });
        out.unsigned("n", metric.value()).unsigned("n1", (int) metric.value());
        out.unsigned("n2", (int) (metric.value() >>> 32));
    }

    static void command(MonCommandSignature command, JsonDump out) {
        out.put("cmdstring", command.signature()).put("helpstring", command.help());
        out.put("module", command.module()).put("req_perms", command.permission());
        out.unsigned("flags", command.flags());
    }

    static void counter(PerfCounterType counter, JsonDump out) {
        out.put("path", counter.path()).put("description", counter.description());
        out.put("nick", counter.nick()).put("type", counter.kind());
        out.put("priority", counter.priority()).put("unit", counter.unit());
    }

    static void progress(ProgressEvent event, JsonDump out) {
        out.put("message", event.message()).put("progress", event.progress());
        out.put("add_to_ceph_s", event.addToStatus());
    }

    static void check(HealthCheck check, JsonDump out) {
        int severity = check.severity();
        out.put("severity", severity < SEVERITIES.length ? SEVERITIES[severity] : "HEALTH_???");
        out.object(
                "summary", () -> out.put("message", check.summary()).put("count", check.count()));
        out.array(
                "detail",
                () -> check.detail().forEach(it -> out.object(() -> out.put("message", it))));
    }

    static void checks(HealthChecks checks, JsonDump out) {
        checks.checks().forEach((code, check) -> out.object(code, () -> check(check, out)));
    }
}
