package io.sepiola.cluster.storetool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.cluster.pgexport.ExportReader;
import io.sepiola.cluster.pgexport.Section;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.osd.CompatSet;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgMissing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows an exported group as JSON; needs no store. */
final class ExportDump {
    private final ExportReader reader;
    private final JsonDump json;

    private ExportDump(ExportReader reader, JsonDump json) {
        this.reader = reader;
        this.json = json;
    }

    /** All of it. */
    static JsonDump of(InputStream in, boolean pretty) throws IOException {
        JsonDump json = new JsonDump(pretty);
        ExportDump dump = new ExportDump(new ExportReader(in), json);
        try {
            json.object(dump::file);
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        return json;
    }

    private Section next() {
        try {
            return reader.next();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void file() {
        if (!(next() instanceof Section.Begin begin)) {
            throw new Malformed("Invalid first section type");
        }
        json.put("pgid", begin.pg().toString());
        json.put("cluster_fsid", begin.superblock().clusterFsid().toString());
        json.put("features", text(begin.superblock().features()));
        if (!(next() instanceof Section.Metadata metadata)) {
            throw new Malformed("Missing metadata section");
        }
        json.object("metadata_section", () -> metadata(metadata));
        Section first = next();
        if (first instanceof Section.End) {
            return;
        }
        json.array(
                "objects",
                () -> {
                    for (Section section = first;
                            !(section instanceof Section.End);
                            section = next()) {
                        if (!(section instanceof Section.ObjectBegin object)) {
                            throw new Malformed("a section of an object, and no object has begun");
                        }
                        json.object(() -> object(object));
                    }
                });
    }

    private static String text(CompatSet features) {
        return "compat={%s},rocompat={%s},incompat={%s}"
                .formatted(
                        text(features.compatible()),
                        text(features.readOnlyCompatible()),
                        text(features.incompatible()));
    }

    private static String text(CompatSet.Features features) {
        return features.names().entrySet().stream()
                .map(name -> name.getKey() + "=" + name.getValue())
                .collect(Collectors.joining(","));
    }

    private void metadata(Section.Metadata metadata) {
        json.put("pg_disk_version", metadata.structVersion());
        json.unsigned("map_epoch", metadata.mapEpoch());
        json.object("OSDMap", () -> Dump.fields("OSDMap", metadata.osdMap(), json));
        json.object("info", () -> Dump.fields("pg_info_t", PgInfo.CODEC, metadata.info(), json));
        json.object("log", () -> Dump.fields("pg_log_t", PgLog.CODEC, metadata.log(), json));
        json.object(
                "pg_missing_t",
                () -> Dump.fields("pg_missing_t", PgMissing.CODEC, metadata.missing(), json));
    }

    private void object(Section.ObjectBegin begin) {
        json.object("oid", () -> ObjectTarget.put(begin.object(), json));
        ObjectInfo info = begin.infoOrNull();
        if (info != null) {
            json.object(
                    "object_info",
                    () -> Dump.fields("object_info_t", ObjectInfo.CODEC, info, json));
        }
        for (Section section = next(); !(section instanceof Section.ObjectEnd); section = next()) {
            switch (section) {
                case Section.Data(var offset, var data) ->
                        json.object(
                                "data_block",
                                () -> json.unsigned("offset", offset).put("len", data.size()));
                case Section.Attrs(var attrs) -> attrs(attrs, begin.object().object().isHead());
                case Section.OmapHeader(var header) ->
                        json.object("omap_header", () -> json.put("value", header.toUtf8()));
                case Section.Omap(var entries) ->
                        json.object(
                                "omaps",
                                () -> {
                                    json.put("count", entries.size());
                                    json.array(
                                            "data",
                                            () ->
                                                    entries.forEach((key, value) ->
                                                            json.object(() -> value(key, value))));
                                });
                case Section.Begin _,
                        Section.Metadata _,
                        Section.ObjectBegin _,
                        Section.ObjectEnd _,
                        Section.End _ ->
                        throw new Malformed("an object that does not end");
            }
        }
    }

    private void attrs(Map<String, Bytes> attrs, boolean isHead) {
        Bytes snaps = attrs.get("snapset");
        if (isHead) {
            json.object(
                    "snapset",
                    () -> {
                        if (snaps == null) {
                            json.put("error", "missing SS_ATTR");
                        } else {
                            Dump.fields("SnapSet", snaps, json);
                        }
                    });
        }
        json.object(
                "attrs",
                () -> {
                    json.array(
                            "user",
                            () ->
                                    attrs.forEach((name, value) -> {
                                        if (isUser(name)) {
                                            json.object(() -> value(name.substring(1), value));
                                        }
                                    }));
                    json.array(
                            "system",
                            () ->
                                    attrs.keySet().stream()
                                            .filter(name -> !isUser(name))
                                            .forEach(name ->
                                                    json.object(() -> json.put("name", name))));
                });
    }

    private static boolean isUser(String name) {
        return name.startsWith("_") && name.length() > 1;
    }

    private void value(String name, Bytes value) {
        boolean text = ToolStreams.isText(value);
        json.put("name", name).put("value", text ? value.toUtf8() : ToolStreams.base64(value));
        json.put("Base64", !text);
    }
}
