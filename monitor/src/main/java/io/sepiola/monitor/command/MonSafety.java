package io.sepiola.monitor.command;

import io.sepiola.protocol.map.MonMap;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What would become of the quorum if monitors stopped, left or joined; and counts of them. */
final class MonSafety {
    private MonSafety() {}

    static List<Row> rows() {
        return List.of(
                row(
                        "mon ok-to-stop",
                        "ids:CephString:N",
                        "tells whether enough monitors stay if these stop",
                        MonSafety::okToStop),
                row(
                        "mon ok-to-add-offline",
                        "",
                        "tells whether a monitor may be added that does not run yet",
                        MonSafety::okToAdd),
                row(
                        "mon ok-to-rm",
                        "id:CephString",
                        "tells whether enough monitors stay if this one is removed",
                        MonSafety::okToRemove),
                row(
                        "mon count-metadata",
                        "property:CephString",
                        "counts monitors by what they say about themselves",
                        call -> MonCommands.counted(call, call.arguments().text("property"))));
    }

    private static Row row(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "mon", "r", 0, help, action);
    }

    private static Set<String> present(Call call) {
        MonMap map = call.state().monMap();
        return call.facts().quorum().stream()
                .map(rank -> map.ranks().get(rank))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isMajority(int some, int all) {
        return some > all / 2;
    }

    private static Reply okToStop(Call call) {
        List<String> ids = call.arguments().texts("ids");
        MonMap map = call.state().monMap();
        Set<String> left = present(call);
        ids.forEach(left::remove);
        String names = ids.stream().sorted().distinct().collect(Collectors.joining(","));
        if (!isMajority(left.size(), map.size())) {
            throw new Refused(
                    Errno.EBUSY,
                    "not enough monitors would be available ("
                            + String.join(",", left)
                            + ") after stopping mons ["
                            + names
                            + "]");
        }
        return Reply.said(
                "quorum should be preserved ("
                        + String.join(",", left)
                        + ") after stopping ["
                        + names
                        + "]");
    }

    private static Reply okToAdd(Call call) {
        if (!isMajority(present(call).size(), call.state().monMap().size() + 1)) {
            throw new Refused(
                    Errno.EBUSY, "adding a monitor may break quorum (until that monitor starts)");
        }
        return Reply.said("adding another mon that is not yet online will not break quorum");
    }

    private static Reply okToRemove(Call call) {
        String id = call.arguments().text("id");
        MonMap map = call.state().monMap();
        if (map.rank(id) < 0) {
            return Reply.said("mon." + id + " does not exist");
        }
        Set<String> left = present(call);
        left.remove(id);
        if (left.isEmpty() || !isMajority(left.size(), map.size() - 1)) {
            throw new Refused(Errno.EBUSY, "removing mon." + id + " would break quorum");
        }
        return Reply.said("safe to remove mon." + id);
    }
}
