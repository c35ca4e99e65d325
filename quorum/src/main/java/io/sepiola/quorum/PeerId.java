package io.sepiola.quorum;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * How the library knows a member: by the monitor's name and the life of its store, {@code
 * c@0123456789abcdef}. A store made again is another member: what was asked of the first, its votes
 * above all, is never answered by the second (decision 0017). Members of before that have their
 * bare name.
 */
final class PeerId {
    private static final int LIFE_BYTES = 8;

    private PeerId() {}

    /** A new life of that monitor's store. */
    static String fresh(String name) {
        byte[] life = new byte[LIFE_BYTES];
        new SecureRandom().nextBytes(life);
        return name + "@" + HexFormat.of().formatHex(life);
    }

    /** The monitor's name. */
    static String name(String id) {
        int at = id.length() - 2 * LIFE_BYTES - 1;
        boolean lives =
                at > 0
                        && id.charAt(at) == '@'
                        && id.substring(at + 1).chars().allMatch(HexFormat::isHexDigit);
        return lives ? id.substring(0, at) : id;
    }
}
