package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.Map;

/**
 * What a service that is no Ceph daemon tells the manager. Within {@code MMgrOpen}.
 *
 * <p>ServiceState := metadata and status: map of string to string.
 */
public record ServiceState(Map<String, String> metadata, Map<String, String> status) {
    /** As in the class comment. */
    public static final Codec<ServiceState> CODEC =
            Primitives.of(ServiceState::encode, ServiceState::decode);

    private static void encode(Encoder out, ServiceState value) {
        out.map(value.metadata, Primitives.STRING, Primitives.STRING);
        out.map(value.status, Primitives.STRING, Primitives.STRING);
    }

    private static ServiceState decode(Decoder in) {
        Map<String, String> metadata = in.map(Primitives.STRING, Primitives.STRING);
        Map<String, String> status = in.map(Primitives.STRING, Primitives.STRING);
        return new ServiceState(metadata, status);
    }
}
