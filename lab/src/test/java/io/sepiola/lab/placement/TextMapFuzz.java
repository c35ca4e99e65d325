package io.sepiola.lab.placement;

import io.sepiola.crush.CrushException;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushText;

import java.nio.charset.StandardCharsets;

/** What Jazzer calls with bytes that may be a map's text: refused with the line, or a map. */
public final class TextMapFuzz {
    private TextMapFuzz() {}

    /** One try. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            CrushMap map = CrushText.compile(new String(bytes, StandardCharsets.UTF_8));
            CrushText.decompile(CrushMap.CODEC.fromBytes(map.toBytes()));
        } catch (CrushException expected) {
            if (!String.valueOf(expected.getMessage()).startsWith("line ")) {
                throw expected;
            }
        }
    }
}
