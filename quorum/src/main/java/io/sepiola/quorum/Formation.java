package io.sepiola.quorum;

import io.sepiola.quorum.Introduction.Place;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How a member without a log finds its place. It must not vote with a memory that it may have lost:
 * so a new log begins only when every one of the monitors says that it has none either, and all of
 * them know the ids of all. Whoever else comes without a log waits until a leader lets it in, as a
 * new member that was given the log.
 */
final class Formation {
    private Formation() {}

    /**
     * What is settled, if anything is yet.
     *
     * @param self whose place is open
     * @param names of all monitors, as this one knows them
     * @param heard what the others said, by their names
     */
    static Optional<MemberFile> decide(
            MemberFile self, List<String> names, Map<String, Introduction> heard) {
        for (Introduction other : heard.values()) {
            if (other.initial().contains(self.id())) { // they have begun with us
                return Optional.of(new MemberFile(self.id(), other.initial(), false));
            }
        }
        boolean begun = heard.values().stream().anyMatch(other -> other.place() == Place.MEMBER);
        if (begun || !names.contains(PeerId.name(self.id()))) {
            return Optional.of(new MemberFile(self.id(), List.of(), true));
        }
        List<String> ids = new ArrayList<>(List.of(self.id()));
        for (String name : names) {
            Introduction other = heard.get(name);
            if (name.equals(PeerId.name(self.id()))) {
                continue;
            }
            if (other == null
                    || other.place() != Place.OPEN
                    || !new TreeSet<>(other.names()).equals(new TreeSet<>(names))) {
                return Optional.empty();
            }
            ids.add(other.id());
        }
        ids.sort(null);
        return Optional.of(new MemberFile(self.id(), ids, false));
    }
}
