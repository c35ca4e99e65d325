package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * Something long that goes on (ProgressEvent).
 *
 * <p>ProgressEvent := S(2/1){message:string progress:f32 addToStatus:bool}.
 *
 * @param progress 0 to 1
 */
public record ProgressEvent(String message, float progress, boolean addToStatus) {
    /** As in the class comment. */
    public static final Codec<ProgressEvent> CODEC =
            Primitives.of(ProgressEvent::encode, ProgressEvent::decode);

    private static void encode(Encoder out, ProgressEvent value) {
        int begun = out.beginStruct(2, 1);
        out.string(value.message);
        out.f32(value.progress);
        out.bool(value.addToStatus);
        out.endSized(begun);
    }

    private static ProgressEvent decode(Decoder in) {
        return in.struct(2, ProgressEvent::decodeFields);
    }

    private static ProgressEvent decodeFields(int layout, Decoder in) {
        String message = in.string();
        float progress = in.f32();
        boolean addToStatus = layout >= 2 ? in.bool() : false;
        return new ProgressEvent(message, progress, addToStatus);
    }
}
