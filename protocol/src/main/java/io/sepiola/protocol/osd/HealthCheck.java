package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.List;

/**
 * One thing that is not well (health_check_t).
 *
 * <p>HealthCheck := S(2/1){severity:u8 summary:string detail:list of string count:s64}.
 *
 * @param severity {@link #ERROR}, {@link #WARNING} or {@link #FINE}
 */
public record HealthCheck(int severity, String summary, List<String> detail, long count) {
    /** Severity: data are at risk, or cannot be reached. */
    public static final int ERROR = 0;

    /** Severity: somebody should look. */
    public static final int WARNING = 1;

    /** Severity: nothing. */
    public static final int FINE = 2;

    /** As in the class comment. */
    public static final Codec<HealthCheck> CODEC =
            Primitives.of(HealthCheck::encode, HealthCheck::decode);

    private static void encode(Encoder out, HealthCheck value) {
        int begun = out.beginStruct(2, 1);
        out.u8(value.severity);
        out.string(value.summary);
        out.list(value.detail, Primitives.STRING);
        out.u64(value.count);
        out.endSized(begun);
    }

    private static HealthCheck decode(Decoder in) {
        return in.struct(2, HealthCheck::decodeFields);
    }

    private static HealthCheck decodeFields(int layout, Decoder in) {
        int severity = in.u8();
        String summary = in.string();
        List<String> detail = in.list(Primitives.STRING);
        long count = layout >= 2 ? in.u64() : 0;
        return new HealthCheck(severity, summary, detail, count);
    }
}
