package io.sepiola.gateway;

import io.sepiola.gateway.storage.User;

import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Users as Ceph's tool prints them. */
final class UserJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectWriter WRITER = MAPPER.writer().with(printer());

    private UserJson() {}

    private static DefaultPrettyPrinter printer() {
        DefaultIndenter indenter = new DefaultIndenter("    ", "\n");
        return new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                                .withObjectEmptySeparator("")
                                .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
    }

    static String list(List<String> ids) {
        ArrayNode array = MAPPER.createArrayNode();
        ids.forEach(array::add);
        return WRITER.writeValueAsString(array);
    }

    static String of(User user) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("user_id", user.id());
        node.put("display_name", user.displayName());
        node.put("email", user.email());
        node.put("suspended", user.suspended() ? 1 : 0);
        node.put("max_buckets", user.bucketCountMax());
        node.putArray("subusers");
        ArrayNode keys = node.putArray("keys");
        for (User.Key key : user.keys()) {
            ObjectNode one = keys.addObject();
            one.put("user", user.id());
            one.put("access_key", key.access());
            one.put("secret_key", key.secret());
        }
        node.putArray("swift_keys");
        node.putArray("caps");
        node.put("op_mask", "read, write, delete");
        node.put("default_placement", "");
        node.put("default_storage_class", "");
        node.putArray("placement_tags");
        quota(node.putObject("bucket_quota"));
        quota(node.putObject("user_quota"));
        node.putArray("temp_url_keys");
        node.put("type", "rgw");
        node.putArray("mfa_ids");
        return WRITER.writeValueAsString(node);
    }

    private static void quota(ObjectNode node) {
        node.put("enabled", false);
        node.put("check_on_raw", false);
        node.put("max_size", -1);
        node.put("max_size_kb", 0);
        node.put("max_objects", -1);
    }
}
