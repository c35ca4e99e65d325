package io.sepiola.protocol.caps;

import io.sepiola.base.Malformed;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client may do in file systems (MDSAuthCaps).
 *
 * <pre>
 * caps   := "allow" | grant ((";" | ",") grant)*
 * grant  := "allow" access [match] ["network" CIDR]
 * access := "*" | "all" | "r" | "rw" | "rwp" | "rws" | "rwps"
 * match  := ["path=" PATH] "uid=" N ["gids=" N ("," N)*]
 *         | ["fsname=" NAME] ["path=" PATH] ["root_squash"]
 * </pre>
 *
 * No metadata server asks these yet; monitors hold texts against the grammar.
 */
public final class MdsCaps {
    private static final List<String> ACCESS =
            List.of("*", "all", "rwps", "rwp", "rws", "rw", "r"); // the first that fits counts

    /**
     * One grant.
     *
     * @param access of r, w, p (layouts and quotas) and s (snapshots), or {@code *}
     * @param fileSystem its name; null for all
     * @param path below which it counts, without a slash at its front; empty for all
     * @param user who it is for; null for everybody
     * @param groups of that user
     * @param rootSquashed whether the superuser may not write
     */
    public record Grant(
            String access,
            @Nullable String fileSystem,
            String path,
            @Nullable Long user,
            List<Long> groups,
            boolean rootSquashed) {
        /** Copies the groups. */
        public Grant {
            groups = List.copyOf(groups);
        }
    }

    private final List<Grant> grants;

    private MdsCaps(List<Grant> grants) {
        this.grants = List.copyOf(grants);
    }

    /** In the order of the text. */
    public List<Grant> grants() {
        return grants;
    }

    /**
     * Reads the text.
     *
     * @throws Malformed in Ceph's words, when it does not follow the grammar
     */
    public static MdsCaps parse(String text) {
        if (text.equals("allow")) {
            return new MdsCaps(List.of(new Grant("rwps", null, "", null, List.of(), false)));
        }
        CapsText in = new CapsText("mds", text, " \n\t");
        in.skip(OsdGrammar.SPACE);
        List<Grant> grants = in.grants(() -> in.tried(() -> grant(in)), true);
        if (grants.isEmpty()) {
            throw in.stopped(false);
        }
        in.skip(OsdGrammar.SPACE);
        if (!in.atEnd()) {
            throw in.stopped(false);
        }
        return new MdsCaps(grants);
    }

    private static @Nullable Grant grant(CapsText in) {
        if (!in.literal("allow") || !in.spaces()) {
            return null;
        }
        String access = ACCESS.stream().filter(in::literal).findFirst().orElse(null);
        if (access == null) {
            return null;
        }
        String fileSystem =
                in.tried(() -> in.spaces() && in.literal("fsname=") ? in.fileSystem() : null);
        String path = in.tried(() -> in.spaces() && in.literal("path=") ? in.string(true) : null);
        Long user =
                fileSystem != null
                        ? null
                        : in.tried(() -> in.spaces() && in.literal("uid=") ? in.number() : null);
        List<Long> groups = user == null ? List.of() : groups(in);
        boolean squashed = user == null && in.all(in::spaces, () -> in.literal("root_squash"));
        in.network();
        String below = path == null ? "" : path.replaceFirst("^/+", "");
        return new Grant(
                access.equals("all") ? "*" : access, fileSystem, below, user, groups, squashed);
    }

    private static List<Long> groups(CapsText in) {
        List<Long> groups = new ArrayList<>();
        Long next = in.tried(() -> in.spaces() && in.literal("gids=") ? in.number() : null);
        while (next != null) {
            groups.add(next);
            in.bound(groups.size());
            next = in.tried(() -> in.literal(",") ? in.number() : null);
        }
        return groups;
    }
}
