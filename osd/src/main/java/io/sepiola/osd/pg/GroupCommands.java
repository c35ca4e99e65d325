package io.sepiola.osd.pg;

import io.sepiola.osd.op.Results;
import io.sepiola.protocol.osd.HObject;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Optional;

/** What an administrator asks of a group ({@code ceph pg PGID ...}). Owned by the group. */
public final class GroupCommands {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Pg pg;
    private final Unfound unfound;
    private final GroupQuery query;

    GroupCommands(Pg pg) {
        this.pg = pg;
        this.unfound = new Unfound(pg);
        this.query = new GroupQuery(pg, unfound);
    }

    /**
     * What came of a command.
     *
     * @param result 0 or a negative errno
     * @param text what {@code ceph} prints on its standard error
     * @param output JSON, or nothing
     */
    public record Told(int result, String text, String output) {}

    /** What is to be recovered before other groups. */
    public ForcedRecovery forced() {
        return pg.recovery().reservations().forced();
    }

    Unfound unfound() {
        return unfound;
    }

    /** The group has come to another phase. */
    void phaseChanged() {
        query.phaseChanged();
    }

    /**
     * Runs one; nothing for one that is not known.
     *
     * @param name {@code query}, {@code list_unfound} or {@code mark_unfound_lost}
     * @param argument the mode of {@code mark_unfound_lost}; for {@code list_unfound} the object
     *     after which to begin, as it was listed, or nothing; empty for the others
     */
    public Optional<Told> run(String name, String argument) {
        return switch (name) {
            case "query" -> Optional.of(new Told(0, "", query.query()));
            case "list_unfound" -> Optional.of(listUnfound(argument));
            case "mark_unfound_lost" -> Optional.of(unfound.markLost(argument));
            default -> Optional.empty();
        };
    }

    private Told listUnfound(String offset) {
        try {
            return new Told(0, "", query.listUnfound(parse(offset)));
        } catch (JacksonException noObject) {
            String why = "error parsing offset: " + noObject.getOriginalMessage();
            return new Told(Results.EINVAL, why, "");
        }
    }

    private static HObject parse(String json) {
        if (json.isEmpty()) {
            return HObject.MIN;
        }
        JsonNode object = JSON.readTree(json);
        return new HObject(
                object.path("namespace").asString(""),
                object.path("oid").asString(""),
                object.path("key").asString(""),
                object.path("snapid").asLong(HObject.HEAD),
                (int) object.path("hash").asLong(0),
                object.path("pool").asLong(0),
                object.path("max").asInt(0) != 0);
    }
}
