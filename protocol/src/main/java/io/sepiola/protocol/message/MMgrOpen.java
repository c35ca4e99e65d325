package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.osd.ServiceState;

import java.util.Optional;

/**
 * A daemon introduces itself to the manager.
 *
 * <p>MMgrOpen := daemon:string service:string isService:bool, if so metadata and status: map of
 * string to string, config:blob defaults:blob.
 *
 * @param daemon id
 * @param service type, or empty
 * @param state of what is no Ceph daemon
 */
public record MMgrOpen(
        String daemon,
        String service,
        Optional<ServiceState> state,
        Bytes config,
        Bytes configDefaults)
        implements Message {
    static final MessageCodec<MMgrOpen> CODEC =
            MessageCodec.of(
                    1792,
                    3,
                    1,
                    MMgrOpen.class,
                    (m, out) -> {
                        out.string(m.daemon);
                        out.string(m.service);
                        Primitives.optional(ServiceState.CODEC).encode(m.state, out);
                        out.blob(m.config);
                        out.blob(m.configDefaults);
                    },
                    (in, head) ->
                            new MMgrOpen(
                                    in.string(),
                                    in.string(),
                                    Primitives.optional(ServiceState.CODEC).decode(in),
                                    in.blob(),
                                    in.blob()));
}
