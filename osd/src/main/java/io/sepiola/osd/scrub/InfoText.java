package io.sepiola.osd.scrub;

import io.sepiola.protocol.osd.ObjectInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An object's information in one line, as Ceph's log has it. */
final class InfoText {
    private InfoText() {}

    static String of(ObjectInfo info) {
        StringBuilder text = new StringBuilder();
        text.append(info.object()).append('(').append(info.version()).append(' ');
        text.append(info.lastReqId()).append(' ').append(flags(info.flags()));
        text.append(" s ").append(info.size()).append(" uv ").append(info.userVersion());
        if ((info.flags() & ObjectInfo.DATA_DIGEST) != 0) {
            text.append(" dd ").append(Integer.toHexString(info.dataDigest()));
        }
        if ((info.flags() & ObjectInfo.OMAP_DIGEST) != 0) {
            text.append(" od ").append(Integer.toHexString(info.omapDigest()));
        }
        return text.append(
                        String.format(
                                Locale.ROOT,
                                " alloc_hint [%d %d %d])",
                                info.expectedObjectSize(),
                                info.expectedWriteSize(),
                                info.hintFlags()))
                .toString();
    }

    private static String flags(int flags) {
        List<String> words = new ArrayList<>();
        note(words, flags, ObjectInfo.LOST, "lost");
        note(words, flags, ObjectInfo.WHITEOUT, "whiteout");
        note(words, flags, ObjectInfo.DIRTY, "dirty");
        note(words, flags, ObjectInfo.USES_TMAP, "uses_tmap");
        note(words, flags, ObjectInfo.OMAP, "omap");
        note(words, flags, ObjectInfo.DATA_DIGEST, "data_digest");
        note(words, flags, ObjectInfo.OMAP_DIGEST, "omap_digest");
        note(words, flags, ObjectInfo.CACHE_PIN, "cache_pin");
        note(words, flags, ObjectInfo.MANIFEST, "manifest");
        return String.join("|", words);
    }

    private static void note(List<String> words, int flags, int flag, String word) {
        if ((flags & flag) != 0) {
            words.add(word);
        }
    }
}
