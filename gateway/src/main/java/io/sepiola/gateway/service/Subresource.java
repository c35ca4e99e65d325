package io.sepiola.gateway.service;

import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import java.util.Set;

/**
 * Query parameters that make a request be about something else than the bucket's or object's
 * content. All that S3 has are known, so that none is taken for a plain read or write.
 */
final class Subresource {
    private static final Set<String> NAMES =
            Set.of(
                    "accelerate",
                    "acl",
                    "analytics",
                    "attributes",
                    "cors",
                    "delete",
                    "encryption",
                    "intelligent-tiering",
                    "inventory",
                    "legal-hold",
                    "lifecycle",
                    "location",
                    "logging",
                    "metadataTable",
                    "metrics",
                    "notification",
                    "object-lock",
                    "ownershipControls",
                    "policy",
                    "policyStatus",
                    "publicAccessBlock",
                    "renameObject",
                    "replication",
                    "requestPayment",
                    "restore",
                    "retention",
                    "select",
                    "session",
                    "tagging",
                    "torrent",
                    "uploadId",
                    "uploads",
                    "versioning",
                    "versions",
                    "website");

    private Subresource() {}

    /** The one that is asked for, or "". */
    static String of(Query query) {
        String found = "";
        for (Query.Parameter parameter : query.parameters()) {
            if (NAMES.contains(parameter.name())) {
                if (!found.isEmpty() && !found.equals(parameter.name())) {
                    throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Conflicting query parameters: " + found + ", " + parameter.name());
                }
                found = parameter.name();
            }
        }
        return found;
    }

    static void expectNone(String subresource) {
        if (!subresource.isEmpty()) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
    }

    /** There is one version of each object, called null. */
    static void checkVersion(Query query) {
        String version = query.firstOrNull("versionId");
        if (version != null && !version.equals("null")) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid version id specified");
        }
    }
}
