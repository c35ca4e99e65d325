package io.sepiola.protocol.caps;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of OSDs' caps.
 *
 * <pre>
 * caps    := grant ((";" | ",") grant)*
 * grant   := ( "allow" spec match | "allow" match spec | "profile" string [pool] [space] )
 *            ["network" CIDR]
 * spec    := "*" | "all" | ["r"]["w"]["x"] ["class-read"] ["class-write"]
 *          | "class" string [method: string]
 * match   := [space] "tag" APPLICATION key "=" value | [pool] [space] ["object_prefix" string]
 * pool    := "pool" string
 * space   := "namespace" string ["*"]
 * </pre>
 *
 * "profile", "pool" and "namespace" may be followed by an equals sign in place of spaces. A key or
 * a value may be "*" or "all".
 */
final class OsdGrammar {
    /** What ASCII counts as a space. */
    static final String SPACE = " \t\n\u000b\f\r";

    private static final String BLANK = " \t";

    private final CapsText in;

    private OsdGrammar(CapsText in) {
        this.in = in;
    }

    /**
     * Reads all; profiles are spelled out.
     *
     * @throws io.sepiola.base.Malformed in Ceph's words, when it does not follow the grammar
     */
    static List<OsdGrant> parse(String text) {
        CapsText in = new CapsText("osd", text, SPACE);
        in.skip(SPACE);
        List<List<OsdGrant>> grants = in.grants(new OsdGrammar(in)::grant, false);
        if (grants.isEmpty()) {
            throw in.stopped(false);
        }
        in.skip(SPACE);
        if (!in.atEnd()) {
            throw in.stopped(false);
        }
        List<OsdGrant> all = new ArrayList<>();
        grants.forEach(all::addAll);
        return all;
    }

    private @Nullable List<OsdGrant> grant() {
        return in.tried(() -> {
            in.skip(BLANK);
            List<OsdGrant> grants = in.tried(this::specFirst);
            grants = grants != null ? grants : in.tried(this::matchFirst);
            grants = grants != null ? grants : in.tried(this::profile);
            if (grants == null) {
                return null;
            }
            Network network = in.network();
            in.skip(BLANK);
            return grants.stream().map(grant -> grant.in(network)).toList();
        });
    }

    private @Nullable List<OsdGrant> specFirst() {
        OsdGrant.Spec spec = in.literal("allow") ? spec() : null;
        return spec == null ? null : List.of(new OsdGrant(match(), spec));
    }

    private @Nullable List<OsdGrant> matchFirst() {
        if (!in.literal("allow")) {
            return null;
        }
        OsdGrant.Match match = match();
        OsdGrant.Spec spec = spec();
        return spec == null ? null : List.of(new OsdGrant(match, spec));
    }

    private @Nullable List<OsdGrant> profile() {
        String name = in.named("profile") ? in.string(false) : null;
        return name == null ? null : OsdGrant.profile(name, pool(), namespace());
    }

    private OsdGrant.@Nullable Spec spec() {
        if (in.all(in::spaces, in::wildcard)) {
            return OsdGrant.Spec.ANY;
        }
        int[] letters = new int[1];
        in.all(in::spaces, () -> (letters[0] = in.letters("rwx")) != 0);
        int access = OsdGrant.Spec.ofLetters(letters[0]);
        if (in.all(in::spaces, () -> in.literal("class-read"))) {
            access |= OsdGrant.Spec.CLASS_READ;
        }
        if (in.all(in::spaces, () -> in.literal("class-write"))) {
            access |= OsdGrant.Spec.CLASS_WRITE;
        }
        return access != 0 ? OsdGrant.Spec.of(access) : in.tried(this::ofClass);
    }

    private OsdGrant.@Nullable Spec ofClass() {
        String name = in.all(in::spaces, () -> in.literal("class")) ? spacedString() : null;
        return name == null ? null : OsdGrant.Spec.ofClass(name, spacedString());
    }

    private @Nullable String spacedString() {
        return in.tried(() -> in.spaces() ? in.string(false) : null);
    }

    private OsdGrant.Match match() {
        OsdGrant.Match tagged = in.tried(() -> tagged(null));
        tagged = tagged != null ? tagged : in.tried(() -> tagged(namespace()));
        if (tagged != null) {
            return tagged;
        }
        String pool = pool();
        String namespace = namespace();
        String prefix = in.tried(() -> in.spaced("object_prefix") ? in.string(false) : null);
        return new OsdGrant.Match(pool, namespace, prefix, null);
    }

    private OsdGrant.@Nullable Match tagged(@Nullable String namespace) {
        String application = in.spaced("tag") ? in.string(false) : null;
        String key = application != null && in.spaces() ? starOrString() : null;
        in.spaces();
        boolean equal = key != null && in.literal("=");
        in.spaces();
        String value = equal ? starOrString() : null;
        return application == null || key == null || value == null
                ? null
                : new OsdGrant.Match(
                        null, namespace, null, new OsdGrant.Tag(application, key, value));
    }

    private @Nullable String starOrString() {
        return in.wildcard() ? "*" : in.string(false);
    }

    private @Nullable String pool() {
        return in.tried(() -> in.spaces() && in.named("pool") ? in.string(false) : null);
    }

    private @Nullable String namespace() {
        String name = in.tried(() -> in.spaces() && in.named("namespace") ? in.string(true) : null);
        return name != null && in.literal("*") ? name + "*" : name;
    }
}
