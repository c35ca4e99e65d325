package io.sepiola.cluster.maptool;

import io.sepiola.protocol.dump.MonMapDump;
import io.sepiola.protocol.map.MonMap;

/** The monitors' features in lines (monmaptool --feature-list). */
final class MonFeatures {
    private MonFeatures() {}

    static String list(MonMapDraft map) {
        long required = map.persistentFeatures | map.optionalFeatures;
        return "MONMAP FEATURES:\n"
                + "    persistent: "
                + MonMapDump.features(map.persistentFeatures)
                + "\n    optional:   "
                + MonMapDump.features(map.optionalFeatures)
                + "\n    required:   "
                + MonMapDump.features(required)
                + "\n\nAVAILABLE FEATURES:\n    supported:  "
                + MonMapDump.features(MonMap.FEATURES_PACIFIC)
                + "\n    persistent: "
                + MonMapDump.features(MonMap.FEATURES_PACIFIC)
                + "\n";
    }

    static String parseable(MonMapDraft map) {
        long required = map.persistentFeatures | map.optionalFeatures;
        return "monmap:persistent:"
                + MonMapDump.features(map.persistentFeatures)
                + "\nmonmap:optional:"
                + MonMapDump.features(map.optionalFeatures)
                + "\nmonmap:required:"
                + MonMapDump.features(required)
                + "\navailable:supported:"
                + MonMapDump.features(MonMap.FEATURES_PACIFIC)
                + "\navailable:persistent:"
                + MonMapDump.features(MonMap.FEATURES_PACIFIC)
                + "\n";
    }
}
