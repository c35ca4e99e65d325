package io.sepiola.cluster.cli;

import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.client.CommonArguments;
import io.sepiola.client.Keyring;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;
import io.sepiola.client.RadosOptions;
import io.sepiola.gateway.RadosgwAdmin;
import io.sepiola.protocol.EntityType;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** {@code sepiola radosgw-admin ...}: the users of the S3 gateway. */
public final class RadosgwAdminVerb {
    private RadosgwAdminVerb() {}

    /** Runs one command line; the exit code. */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            out.print(RadosgwAdmin.USAGE);
            return 0;
        }
        Map<String, String> environment = System.getenv();
        try {
            CommonArguments common =
                    CommonArguments.parse(EntityType.CLIENT, "admin", List.of(args), environment);
            CephConf conf = common.configuration(environment);
            try (Rados rados = Rados.connect(RadosOptions.of(conf), Keyring.find(conf))) {
                return new RadosgwAdmin(rados).run(common.rest().toArray(String[]::new), out, err);
            }
        } catch (Malformed | RadosException refused) {
            err.println("radosgw-admin: " + refused.getMessage());
            return 1;
        }
    }
}
