package io.sepiola.lab.simulation;

import java.time.Duration;
import java.util.List;

/**
 * What may go wrong, or be changed by an administrator. Hosts are named {@code mon.N}, {@code
 * osd.N} and {@code client.N}. The numbers of the faults (F...) are those of the project's fault
 * list.
 */
sealed interface Fault {
    /** At which effect of a process it ends. */
    enum Moment {
        /** At once. */
        NOW,
        /** After a transaction was given to the store. */
        AFTER_SUBMIT,
        /** A transaction is durable, and the process has not heard of it. */
        BEFORE_COMMITTED,
        /** The process has done what follows from a transaction's being durable. */
        AFTER_COMMITTED,
        /** After some bytes were given to the system for sending. */
        AFTER_SEND
    }

    /** All links between two hosts take longer, so that links overtake each other (F32). */
    record Slow(String one, String other, Duration more) implements Fault {}

    /** A link breaks, in the middle of a frame or not (F31). */
    record Reset(String from, String to, int bytes) implements Fault {}

    /** Any links break, so many in a row (F31). */
    record Breaks(int count) implements Fault {}

    /** Nothing goes one way (F27, F29, F34). */
    record Deaf(String from, String to) implements Fault {}

    /** Nothing goes either way between two hosts (F26, F28, F29). */
    record Cut(String one, String other) implements Fault {}

    /** Nothing reaches or leaves a host (F34, F35). */
    record Isolated(String host) implements Fault {}

    /**
     * A process ends as by kill -9, at the {@code count}-th of such effects from now; if it comes
     * back it does so again, {@code times} in all (F1, F2, F52).
     */
    record Crash(int osd, Moment moment, int count, int times) implements Fault {}

    /** Processes end at once, and come back one after the other, in this order (F7). */
    record PowerCut(List<Integer> osds) implements Fault {}

    /** A monitor ends as by kill -9 (F1, F43). */
    record MonitorCrash(int rank) implements Fault {}

    /** A client ends with its requests unanswered (F46). */
    record ClientDies(int client) implements Fault {}

    /** A process stands still; time goes on. */
    record Stops(String host) implements Fault {}

    /** A host's time of day is set (F38). */
    record ClockSet(String host, Duration ahead) implements Fault {}

    /** A host's clock runs at another rate (F39). */
    record ClockDrift(String host, double rate) implements Fault {}

    /** The disk takes so many times as long (F25). */
    record SlowDisk(int osd, int times) implements Fault {}

    /** A sync fails: what was not yet durable is gone, the OSD must stop (F13, F14, F17). */
    record SyncFails(int osd) implements Fault {}

    /** The disk admits nothing more (F16). */
    record Full(int osd) implements Fault {}

    /** Several faults in an order that depends on what the group does meanwhile. */
    record Laid(Ambush.Kind kind, long seed) implements Fault {}

    /** Commands of an administrator, and those that take them back (F41, F42). */
    record Admin(List<String> commands, List<String> back) implements Fault {}

    /** A further OSD joins (F41). */
    record OsdJoins() implements Fault {}

    /**
     * Blocks of a copy rot, are misdirected or lost, or cannot be read any more (F12, F18 to F21,
     * F24): of an object of which other good copies are left, chosen by the number.
     *
     * @param count of objects
     */
    record Rot(int osd, int pick, int count) implements Fault {}

    /**
     * A disk comes back empty, and made in the name of the same OSD (F22). It is refused; then the
     * OSD is made again under its number.
     *
     * @param sameIdentity whether whoever made it remembered the old identity
     * @param patient whether the OSD's groups are rebuilt elsewhere before
     */
    record EmptyDisk(int osd, boolean sameIdentity, boolean patient) implements Fault {}

    /** A disk is put back to what it was some starts ago (F23); as for {@link EmptyDisk}. */
    record OldDisk(int osd, boolean patient) implements Fault {}

    /** An OSD is emptied and leaves for good (F41). */
    record OsdLeaves(int osd) implements Fault {}

    /** A pool is made, written to, and deleted (F42). */
    record PoolComes(String name) implements Fault {}

    /** All groups are to be scrubbed, deeply or not, or repaired (F45). */
    record Asked(String action) implements Fault {}
}
