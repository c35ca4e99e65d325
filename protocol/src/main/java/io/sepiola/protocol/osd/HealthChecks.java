package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.Map;

/**
 * Things that are not well, by code (health_check_map_t).
 *
 * <p>HealthChecks := S(1/1){map of code:string to HealthCheck}.
 */
public record HealthChecks(Map<String, HealthCheck> checks) {
    /** As in the class comment. */
    public static final Codec<HealthChecks> CODEC =
            Primitives.of(HealthChecks::encode, HealthChecks::decode);

    private static void encode(Encoder out, HealthChecks value) {
        int begun = out.beginStruct(1, 1);
        out.map(value.checks, Primitives.STRING, HealthCheck.CODEC);
        out.endSized(begun);
    }

    private static HealthChecks decode(Decoder in) {
        return in.struct(1, HealthChecks::decodeFields);
    }

    private static HealthChecks decodeFields(int layout, Decoder in) {
        Map<String, HealthCheck> checks = in.map(Primitives.STRING, HealthCheck.CODEC);
        return new HealthChecks(checks);
    }

    /** All is well. */
    public static final HealthChecks NONE = new HealthChecks(Map.of());
}
