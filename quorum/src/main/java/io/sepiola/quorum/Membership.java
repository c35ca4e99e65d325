package io.sepiola.quorum;

import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a leader changes next, so that the members become those that the monitors agreed on. */
final class Membership {
    /** A change. */
    sealed interface Step {}

    /** All is as it should be, or nothing can be done at present. */
    record Nothing() implements Step {}

    /** These are the members from now on, by their ids. */
    record Change(SortedSet<String> members) implements Step {}

    /** Another has to lead, since this one is to go. */
    record HandOver() implements Step {}

    private Membership() {}

    /**
     * One change at most. First goes who is to go, so that nobody waits for it: it may be gone
     * already. A monitor whose store was made again takes its own place.
     *
     * @param members by their ids
     * @param self the leader's id
     * @param names of the monitors that are wanted
     * @param waiting the ids of those that wait to be let in, by name
     */
    static Step next(
            Collection<String> members,
            String self,
            Collection<String> names,
            Map<String, String> waiting) {
        SortedSet<String> after = new TreeSet<>(members);
        for (String id : new TreeSet<>(members)) {
            String name = PeerId.name(id);
            String again = waiting.get(name);
            if (id.equals(self)) {
                continue;
            }
            if (!names.contains(name)) {
                after.remove(id);
                return new Change(after);
            }
            if (again != null && !members.contains(again)) {
                after.remove(id);
                after.add(again);
                return new Change(after);
            }
        }
        for (String name : new TreeSet<>(names)) {
            String id = waiting.get(name);
            if (id != null && members.stream().noneMatch(m -> PeerId.name(m).equals(name))) {
                after.add(id);
                return new Change(after);
            }
        }
        return names.contains(PeerId.name(self)) ? new Nothing() : new HandOver();
    }
}
