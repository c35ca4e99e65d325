package io.sepiola.osd.scrub;

/**
 * What a scrub is to do.
 *
 * @param deep whether data and omaps are read
 * @param repair whether what is found is mended
 * @param autoRepair whether it is mended if it is not too much
 * @param required whether somebody asked for it, whatever flags and hours say
 */
public record ScrubKind(boolean deep, boolean repair, boolean autoRepair, boolean required) {
    /** As Ceph's log and its people call it. */
    public String word() {
        return repair ? "repair" : deep ? "deep-scrub" : "scrub";
    }

    /** Does what either does. */
    public ScrubKind or(ScrubKind other) {
        return new ScrubKind(
                deep || other.deep,
                repair || other.repair,
                autoRepair || other.autoRepair,
                required || other.required);
    }
}
