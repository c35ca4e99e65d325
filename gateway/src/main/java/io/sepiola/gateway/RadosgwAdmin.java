package io.sepiola.gateway;

import io.sepiola.base.Clock;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.storage.Buckets;
import io.sepiola.gateway.storage.Pools;
import io.sepiola.gateway.storage.User;
import io.sepiola.gateway.storage.Users;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The verb {@code radosgw-admin}: administration of the gateway's users, with the options, the
 * output and the exit codes of Ceph's tool.
 */
public final class RadosgwAdmin {
    private static final int ENOENT = 2;
    private static final int EIO = 5;
    private static final int EEXIST = 17;
    private static final int EINVAL = 22;
    private static final int BUCKET_COUNT_MAX = 1000;
    private static final int ID_LENGTH_MAX = 256;
    private static final String KEY_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String SECRET_CHARACTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final Set<String> FLAGS = Set.of("gen-access-key", "gen-secret");
    private static final Set<String> OPTIONS =
            Set.of(
                    "uid",
                    "display-name",
                    "email",
                    "access-key",
                    "secret",
                    "max-buckets",
                    "suspended",
                    "key-type",
                    "format");
    private static final Map<String, String> ALIASES =
            Map.of("access", "access-key", "secret-key", "secret");

    /** What the verb takes, for people. */
    public static final String USAGE =
            """
            usage: radosgw-admin user create|info|list|rm|modify|suspend|enable [options]
              --uid=ID  --display-name=NAME  --email=EMAIL
              --access-key=KEY  --secret=SECRET  --gen-access-key  --gen-secret
              --max-buckets=COUNT  --suspended=0|1
              -c FILE  -n TYPE.ID  -k FILE  -m ADDRS    which cluster, and who asks
            """;

    private final Rados rados;
    private final SecureRandom random = new SecureRandom();

    /** The command line is refused with this exit code. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final int code;

        Refused(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    /** Works on this cluster; the client stays the caller's to close. */
    public RadosgwAdmin(Rados rados) {
        this.rados = rados;
    }

    /**
     * Runs one command line such as {@code user create --uid=test --display-name=Test}.
     *
     * @return the exit code: 0, or Ceph's (2 ENOENT, 17 EEXIST, 22 EINVAL ...)
     */
    public int run(String[] args, PrintStream out, PrintStream err) {
        try {
            List<String> words = new ArrayList<>();
            Map<String, String> options = parse(args, words);
            out.println(run(words, options));
            return 0;
        } catch (Refused refused) {
            err.println(refused.getMessage());
            return refused.code;
        } catch (RadosException failure) {
            err.println("the cluster answered: " + failure.getMessage());
            return failure.errno() == 0 ? EIO : failure.errno();
        }
    }

    private static Map<String, String> parse(String[] args, List<String> words) throws Refused {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < args.length; i++) {
            if (!args[i].startsWith("--")) {
                words.add(args[i]);
                continue;
            }
            int equals = args[i].indexOf('=');
            String given =
                    args[i].substring(2, equals < 0 ? args[i].length() : equals).replace('_', '-');
            String name = ALIASES.getOrDefault(given, given);
            if (FLAGS.contains(name)) {
                options.put(name, "true");
            } else if (!OPTIONS.contains(name)) {
                throw new Refused(
                        EINVAL, "unknown option --" + given + "\n" + USAGE.stripTrailing());
            } else if (equals >= 0) {
                options.put(name, args[i].substring(equals + 1));
            } else if (i + 1 < args.length && !args[i + 1].startsWith("--")) {
                options.put(name, args[++i]);
            } else if (name.equals("suspended")) {
                options.put(name, "1");
            } else {
                throw new Refused(EINVAL, "option --" + given + " needs a value");
            }
        }
        return options;
    }

    private String run(List<String> words, Map<String, String> options) throws Refused {
        if (words.size() != 2 || !words.getFirst().equals("user")) {
            throw new Refused(EINVAL, USAGE.stripTrailing());
        }
        String verb = words.getLast();
        if (!Set.of("create", "info", "list", "ls", "rm", "modify", "suspend", "enable")
                .contains(verb)) {
            throw new Refused(
                    EINVAL, "unknown command: user " + verb + "\n" + USAGE.stripTrailing());
        }
        Pools pools = Pools.open(rados);
        Users users = new Users(pools, Clock.system());
        return switch (verb) {
            case "create" -> create(users, options);
            case "list", "ls" -> UserJson.list(users.ids());
            case "rm" -> remove(pools, users, options);
            case "modify" -> modify(users, options);
            case "suspend" -> suspend(users, options, true);
            case "enable" -> suspend(users, options, false);
            default -> info(users, options);
        };
    }

    private static String uid(Map<String, String> options, String action) throws Refused {
        String uid = options.getOrDefault("uid", "");
        boolean control = uid.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '/');
        if (uid.isEmpty() || uid.length() > ID_LENGTH_MAX || control) {
            throw new Refused(
                    EINVAL,
                    "could not "
                            + action
                            + ": "
                            + (uid.isEmpty()
                                    ? "no user id: give --uid"
                                    : "the user id is malformed"));
        }
        return uid;
    }

    private static User existing(
            Users users, Map<String, String> options, String action, int missing) throws Refused {
        User user = users.findOrNull(uid(options, action));
        if (user == null) {
            throw new Refused(missing, "could not " + action + ": no user info saved");
        }
        return user;
    }

    private static String info(Users users, Map<String, String> options) throws Refused {
        String accessKey = options.get("access-key");
        if (!options.containsKey("uid") && accessKey != null) {
            User user = users.findByKeyOrNull(accessKey);
            if (user == null) {
                throw new Refused(EINVAL, "could not fetch user info: no user info saved");
            }
            return UserJson.of(user);
        }
        return UserJson.of(existing(users, options, "fetch user info", EINVAL));
    }

    private String create(Users users, Map<String, String> options) throws Refused {
        String uid = uid(options, "create user");
        String displayName = options.getOrDefault("display-name", "");
        if (displayName.isEmpty()) {
            throw new Refused(
                    EINVAL, "could not create user: no display name: give --display-name");
        }
        if (users.findOrNull(uid) != null) {
            throw new Refused(
                    EEXIST,
                    "could not create user: unable to create user, user: " + uid + " exists");
        }
        User user =
                new User(
                        uid,
                        displayName,
                        email(options, ""),
                        suspended(options, false),
                        bucketCountMax(options, BUCKET_COUNT_MAX),
                        List.of(newKey(options)));
        store(users, null, user, "create user");
        return UserJson.of(user);
    }

    private String modify(Users users, Map<String, String> options) throws Refused {
        User user = existing(users, options, "modify user", EINVAL);
        List<User.Key> keys = new ArrayList<>(user.keys());
        String access = options.get("access-key");
        if (access != null) {
            keys.removeIf(key -> key.access().equals(access));
        }
        if (access != null || options.containsKey("gen-access-key")) {
            keys.add(newKey(options));
        } else if (options.containsKey("secret") || options.containsKey("gen-secret")) {
            if (keys.size() != 1) {
                throw new Refused(EINVAL, "could not modify user: several keys: give --access-key");
            }
            keys.set(0, new User.Key(keys.getFirst().access(), secret(options)));
        }
        User changed =
                new User(
                        user.id(),
                        options.getOrDefault("display-name", user.displayName()),
                        email(options, user.email()),
                        suspended(options, user.suspended()),
                        bucketCountMax(options, user.bucketCountMax()),
                        keys);
        store(users, user, changed, "modify user");
        return UserJson.of(changed);
    }

    private static String suspend(Users users, Map<String, String> options, boolean suspended)
            throws Refused {
        String action = suspended ? "suspend user" : "enable user";
        User user = existing(users, options, action, EINVAL);
        User changed =
                new User(
                        user.id(),
                        user.displayName(),
                        user.email(),
                        suspended,
                        user.bucketCountMax(),
                        user.keys());
        store(users, user, changed, action);
        return UserJson.of(changed);
    }

    private static String remove(Pools pools, Users users, Map<String, String> options)
            throws Refused {
        User user = existing(users, options, "remove user", ENOENT);
        if (!Buckets.namesOf(pools, user.id()).isEmpty()) {
            throw new Refused(EEXIST, "could not remove user: it has buckets; delete them first");
        }
        store(users, user, null, "remove user");
        return "";
    }

    private static void store(
            Users users, @Nullable User before, @Nullable User after, String action)
            throws Refused {
        String reason =
                switch (users.replace(before, after)) {
                    case NONE -> "";
                    case USER -> "it was changed by somebody else meanwhile; try again";
                    case ACCESS_KEY -> "the access key belongs to another user";
                    case EMAIL -> "the email belongs to another user";
                };
        if (!reason.isEmpty()) {
            throw new Refused(EEXIST, "could not " + action + ": " + reason);
        }
    }

    private User.Key newKey(Map<String, String> options) throws Refused {
        String access = options.get("access-key");
        if (access == null) {
            access = random(KEY_CHARACTERS, 20);
        }
        if (access.isEmpty() || !access.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/')) {
            throw new Refused(
                    EINVAL, "the access key must be printable, without spaces and slashes");
        }
        return new User.Key(access, secret(options));
    }

    private String secret(Map<String, String> options) throws Refused {
        String secret = options.get("secret");
        if (secret == null) {
            return random(SECRET_CHARACTERS, 40);
        }
        if (secret.isEmpty()) {
            throw new Refused(EINVAL, "the secret key must not be empty");
        }
        return secret;
    }

    private String random(String characters, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    private static String email(Map<String, String> options, String other) {
        return options.getOrDefault("email", other);
    }

    private static int bucketCountMax(Map<String, String> options, int other) throws Refused {
        String text = options.get("max-buckets");
        if (text == null) {
            return other;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw new Refused(EINVAL, "--max-buckets must be a number, not " + text);
        }
    }

    private static boolean suspended(Map<String, String> options, boolean other) throws Refused {
        String text = options.get("suspended");
        if (text == null) {
            return other;
        }
        return switch (text) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw new Refused(EINVAL, "--suspended must be 0 or 1, not " + text);
        };
    }
}
