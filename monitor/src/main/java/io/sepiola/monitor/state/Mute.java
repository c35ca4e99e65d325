package io.sepiola.monitor.state;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * A health check that nobody wants to hear of.
 *
 * <p>Mute := code:string ends:Utime sticky:bool summary:string count:u64.
 *
 * @param code such as OSD_DOWN
 * @param ends when it is told of again; {@link Utime#ZERO} when only on somebody's word
 * @param sticky whether it stays when the check passes, or fails worse
 * @param summary of the check when it was muted
 * @param count of what it counted then
 */
public record Mute(String code, Utime ends, boolean sticky, String summary, long count) {
    static final Codec<Mute> CODEC =
            Primitives.of(
                    (out, mute) -> {
                        Utime.CODEC.encode(mute.ends, out.string(mute.code));
                        out.bool(mute.sticky).string(mute.summary).u64(mute.count);
                    },
                    in ->
                            new Mute(
                                    in.string(),
                                    Utime.CODEC.decode(in),
                                    in.bool(),
                                    in.string(),
                                    in.u64()));
}
